"""What account forms say of a field that was left empty or cannot be an address."""

from django import forms
from django.core.validators import EmailValidator

WHAT_IS_MISSING = {
    "name": "Enter your name",
    "email": "Enter your email address",
    "login": "Enter your email address",
    "profession": "Choose your professional role",
    "password": "Enter your password",
    "password1": "Enter a password",
    "password2": "Enter the password once more",
    "oldpassword": "Enter your current password",
}
NOT_AN_ADDRESS = "Enter an email address such as name@example.org"


def say_what_is_missing(form: forms.BaseForm) -> None:
    """Puts errors that say what to do in place of "This field is required."."""
    for name, message in WHAT_IS_MISSING.items():
        field = form.fields.get(name)
        if not field:
            continue
        field.error_messages["required"] = message
        if isinstance(field, forms.EmailField):
            field.error_messages["invalid"] = NOT_AN_ADDRESS
            field.validators = [EmailValidator(NOT_AN_ADDRESS)]
