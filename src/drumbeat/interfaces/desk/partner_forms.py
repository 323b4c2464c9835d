"""The fields of partners and their contacts as a browser asks for them. What may stand in them, the verbs judge."""

from __future__ import annotations

from typing import Any

from django import forms

from drumbeat.apps.partners.models import Contact, ContactRole, Partner, PartnerType, Status, Territory, Tier
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import staff
from drumbeat.interfaces.kit.forms import DayInput, country_choices, zone_names


class PartnerForm(forms.Form):
    name = forms.CharField(max_length=160)
    type = forms.ChoiceField(choices=PartnerType)
    status = forms.ChoiceField(choices=Status)
    tier = forms.ChoiceField(choices=Tier)
    country = forms.ChoiceField()
    subdivision = forms.CharField(
        max_length=6, required=False, label="State or province", help_text="ISO 3166, as BY or US-CA"
    )
    city = forms.CharField(max_length=80, required=False)
    postal_code = forms.CharField(max_length=20, required=False)
    address = forms.CharField(max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    phone = forms.CharField(max_length=40, required=False)
    zone = forms.CharField(
        max_length=64,
        required=False,
        label="Time zone",
        widget=forms.TextInput(attrs={"list": "zones"}),
        help_text="Empty: the zone of the place",
    )
    calendar = forms.CharField(
        max_length=12,
        required=False,
        label="Business calendar",
        help_text="As DE or DE-BY; empty: by the place",
    )
    language = forms.CharField(max_length=12, initial="en", help_text="As en, de or pt-BR")
    territory = forms.ChoiceField(required=False)
    joined_on = forms.DateField(required=False, widget=DayInput, label="Joined on")
    external_id = forms.CharField(max_length=64, required=False, label="Id in another system")
    gives_pos = forms.BooleanField(required=False, label="Sends point-of-sale files")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = (("", "Choose a country"), *country_choices())  # type: ignore[attr-defined]
        territories = Territory.objects.values_list("key", "name")
        self.fields["territory"].choices = (("", "None"), *territories)  # type: ignore[attr-defined]

    @property
    def zones(self) -> tuple[str, ...]:
        return zone_names()


def values_of(partner: Partner) -> dict[str, Any]:
    values = {name: getattr(partner, name) for name in PartnerForm.base_fields}
    return values | {"territory": partner.territory.key if partner.territory else ""}


class ContactForm(forms.Form):
    name = forms.CharField(max_length=120)
    email = forms.EmailField(max_length=254, required=False)
    phone = forms.CharField(max_length=40, required=False)
    roles = forms.MultipleChoiceField(
        choices=ContactRole, required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.CharField(max_length=12, required=False, help_text="Empty: the partner's")
    joined_on = forms.DateField(widget=DayInput, label="There since")


def contact_values_of(contact: Contact) -> dict[str, Any]:
    return {name: getattr(contact, name) for name in ContactForm.base_fields}


class DepartureForm(forms.Form):
    left_on = forms.DateField(widget=DayInput, label="Left on")


class AssignmentForm(forms.Form):
    person = forms.ModelChoiceField(queryset=Account.objects.none(), label="Channel manager")
    from_on = forms.DateField(widget=DayInput, label="From")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = staff(Role.CHANNEL_MANAGER)  # type: ignore[attr-defined]
