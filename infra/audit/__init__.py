"""`make audit`: what public checkers and rules of our own say of the template."""
