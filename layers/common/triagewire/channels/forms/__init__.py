"""Questions and answers, as the form builders share them."""
