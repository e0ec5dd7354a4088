"""Forms of an organisation's pages: to invite, to search, teams, people, mail domains."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from courses.organisations.address_lists import people_in
from courses.organisations.invitees import Invitee
from courses.organisations.logo_pictures import (
    MOST_BYTES,
    LogoPicture,
    WrongPicture,
    logo_picture,
)
from courses.organisations.mail_domains import domains_in, is_domain
from courses.people.models import Cohort, Membership, Organisation, Team, User
from courses.web.shared_forms import SharedForm

MOST_AT_ONCE = 50  # addresses in one form; longer lists come by file
LONGEST_EMAIL = 254
LONGEST_NAME = 120


def is_email(text: str) -> bool:
    """Whether the text is an e-mail address that an account could have."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_EMAIL


class InviteForm(forms.Form):
    """Whom to invite, to which cohort; a manager also chooses the role and the team."""

    people = forms.CharField(
        label="Email addresses",
        help_text="One a line, with or without a name: Ana Jones &lt;ana@example.org&gt;. "
        f"At most {MOST_AT_ONCE}.",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    cohort = forms.ModelChoiceField(
        Cohort.objects.none(), label="Cohort", required=False, to_field_name="key"
    )
    role = forms.ChoiceField(
        label="They come as", choices=Membership.Role, initial=Membership.Role.LEARNER
    )
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label="Team (optional)",
        required=False,
        empty_label="No team",
        to_field_name="key",
    )

    def __init__(
        self, *args: Any, organisation: Organisation, inviter: User, is_manager: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        cohorts = Cohort.objects.open().filter(organisation=organisation).order_by("name")
        cohort: Any = self.fields["cohort"]
        cohort.queryset = cohorts
        if is_manager:
            cohort.label = "Cohort (optional)"
            cohort.empty_label = "None: to the organisation alone"
            team: Any = self.fields["team"]
            team.queryset = organisation.teams.order_by("name")
            return
        own = Cohort.objects.trained_by(inviter).values("pk")
        cohort.queryset = cohorts.filter(pk__in=own)
        cohort.required, cohort.empty_label = True, None
        del self.fields["role"]
        del self.fields["team"]

    def clean_people(self) -> dict[str, str]:
        """Name by address, in their order; each address once."""
        people: dict[str, str] = {}
        wrong = []
        for name, email in people_in(self.cleaned_data["people"]):
            if is_email(email):
                people.setdefault(email.lower(), name[:LONGEST_NAME])
            else:
                wrong.append(email[:60])
        if wrong:
            listed = ", ".join(f"“{text}”" for text in wrong[:5])
            raise ValidationError(f"Not an email address: {listed}. Correct it, or take it out.")
        if not people:
            raise ValidationError("Enter at least one email address.")
        if len(people) > MOST_AT_ONCE:
            raise ValidationError(
                f"These are {len(people)} addresses, and up to {MOST_AT_ONCE} fit in this form. "
                "A manager can upload a longer list as a roster."
            )
        return people

    def clean(self) -> dict[str, Any]:
        """Refuses who is there already, by name."""
        data: dict[str, Any] = super().clean() or {}
        if "people" not in data or self.errors:
            return data
        if data.get("role") == Membership.Role.MANAGER and data["cohort"]:
            self.add_error("cohort", "A manager is invited to the organisation, not to a cohort.")
        there = self._already_there(data)
        if there:
            place = "this cohort" if data["cohort"] else "the organisation in this role"
            self.add_error("people", f"In {place} already: {', '.join(sorted(there)[:5])}.")
        return data

    def _already_there(self, data: dict[str, Any]) -> set[str]:
        users = User.objects.filter(email__in=data["people"])
        role = data.get("role", Membership.Role.LEARNER)
        cohort = data["cohort"]
        if cohort and role == Membership.Role.LEARNER:
            inside = cohort.cohort_memberships.current().values("user")
        elif cohort:
            inside = cohort.trainers.values("pk")
        else:
            current = Membership.objects.current().filter(organisation=self.organisation, role=role)
            inside = current.values("user")
        return set(users.filter(pk__in=inside).values_list("email", flat=True))

    def invitees(self) -> list[Invitee]:
        """The people of a valid form."""
        data = self.cleaned_data
        role = data.get("role", Membership.Role.LEARNER)
        invitees = []
        for email, name in data["people"].items():
            invitee = Invitee(email, name, role, team=data.get("team"), cohort=data["cohort"])
            invitees.append(invitee)
        return invitees


class LogoForm(forms.Form):
    """A picture for the organisation's logo."""

    picture = forms.FileField(
        label="Picture",
        help_text="PNG, JPEG or WebP, up to 2 MB. It is shown at most 400 pixels wide or high.",
        allow_empty_file=True,
        error_messages={"required": "Choose a picture first. Your logo was not changed."},
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    def clean_picture(self) -> LogoPicture:
        """The logo made of the upload."""
        file = self.cleaned_data["picture"]
        # Its size first, so that a huge file is not read into memory.
        data = file.read(MOST_BYTES + 1)
        try:
            return logo_picture(data)
        except WrongPicture as refusal:
            raise ValidationError(str(refusal)) from None


class MailDomainsForm(SharedForm):
    """The mail domains whose addresses may join an organisation."""

    mail_domains = forms.CharField(
        label="Only these mail domains may join (optional)",
        required=False,
        help_text="One a line, as nhs.net; addresses below it count too. Leave it empty "
        "for any address. People who are in stay in.",
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )

    def __init__(self, data: Any, organisation: Organisation) -> None:
        super().__init__(data, initial={"mail_domains": organisation.mail_domains})
        self.remember(organisation.mail_domains)

    def clean_mail_domains(self) -> str:
        domains = domains_in(self.cleaned_data["mail_domains"])
        wrong = [domain for domain in domains if not is_domain(domain)]
        if wrong:
            raise ValidationError(f"Not a mail domain: {wrong[0][:60]}. Write it as nhs.net.")
        if len(domains) > 100:
            raise ValidationError("At most 100 domains.")
        return "\n".join(domains)


class TeamForm(forms.Form):
    """The name of a team, and the team it is in."""

    name = forms.CharField(label="Name of the team", max_length=80)
    parent = forms.ModelChoiceField(
        Team.objects.none(),
        label="Part of",
        required=False,
        empty_label="No other team",
        to_field_name="key",
    )

    def __init__(
        self, *args: Any, organisation: Organisation, team: Team | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        # A team of the second level is offered too where it was chosen: the action says why not.
        parents = (
            organisation.teams.filter(parent=None) if not self.is_bound else organisation.teams
        )
        field: Any = self.fields["parent"]
        if team:
            parents = parents.exclude(pk=team.pk)
        field.queryset = parents.order_by("name")

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not any(letter.isalnum() for letter in name):
            raise ValidationError("Enter a name with a letter or a number.")
        return name


class PlaceForm(forms.Form):
    """The team and the employee number of a person."""

    team = forms.ModelChoiceField(
        Team.objects.none(),
        label="Team",
        required=False,
        empty_label="No team",
        to_field_name="key",
    )
    employee_number = forms.CharField(
        label="Employee number (optional)",
        max_length=30,
        required=False,
        help_text="As it stands in your staff record. Exports and rosters match people by it.",
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["team"]
        field.queryset = organisation.teams.order_by("name")


class SuccessorForm(forms.Form):
    """Who takes on the cohorts of a trainer that would have none."""

    successor = forms.ModelChoiceField(
        User.objects.none(),
        label="Hand their cohorts to",
        required=False,
        empty_label="Nobody",
        to_field_name="key",
    )

    def __init__(self, *args: Any, organisation: Organisation, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        training = Membership.objects.current().filter(organisation=organisation, role="trainer")
        trainers = User.objects.filter(pk__in=training.values("user")).exclude(pk=person.pk)
        field: Any = self.fields["successor"]
        field.queryset = trainers.order_by("name")
