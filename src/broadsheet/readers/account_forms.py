"""allauth's forms with our word for an e-mail, which all other forms here use too.

Apart from `forms.py`: allauth's module needs that one while it is loaded.
"""

from typing import Any

from allauth.account.forms import ChangeEmailForm as _ChangeEmailForm
from allauth.account.forms import LoginForm as _LoginForm
from allauth.account.forms import RequestLoginCodeForm as _RequestLoginCodeForm
from allauth.account.forms import SignupForm as _SignupForm
from django.utils.translation import gettext_lazy as _


class _Worded:
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"email", "login"} & set(self.fields):
            self.fields[name].label = _("E-mail")
            self.fields[name].widget.attrs.pop("placeholder", None)


class LoginForm(_Worded, _LoginForm): ...


class SignupForm(_Worded, _SignupForm): ...


class RequestLoginCodeForm(_Worded, _RequestLoginCodeForm): ...


class ChangeEmailForm(_Worded, _ChangeEmailForm): ...
