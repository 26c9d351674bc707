"""The brief: the stories of a span, chosen and commented by people, in the forms that are forwarded."""
