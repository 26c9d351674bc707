"""Asking the outside, politely: who may be asked, when, and what came back."""
