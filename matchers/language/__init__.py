"""How French is written: folded bytes, inflections, families, months, figures, places, words of facts. Pure."""
