"""Sign in and out, language and theme."""
