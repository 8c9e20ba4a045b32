"""The pages on which a pupil shows a card: typed words, or the address in the QR code with one press."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from upstander.access import cards
from upstander.access.limits import address_of
from upstander.access.models import Card
from upstander.access.pages import CARD
from upstander.people import clock
from upstander.people import queries as people
from upstander.people.models import School
from upstander.ui.errors import too_many
from upstander.ui.forms import Form


class CardForm(Form):
    """The school and the words of a card."""

    school = forms.ChoiceField(label=gettext_lazy("Your school"))
    words = forms.CharField(
        label=gettext_lazy("The words on your card"),
        help_text=gettext_lazy("Capitals and spaces do not matter."),
        max_length=300,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Type the words of a card."""
    schools = [(school.slug, school.name) for school in people.schools()]
    asked = request.GET.get("school", "")
    initial = {"school": asked if asked in dict(schools) else schools[0][0] if len(schools) == 1 else ""}
    form = CardForm(request.POST or None, initial=initial)
    form.fields["school"].choices = schools if initial["school"] else [("", "–"), *schools]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        school = people.school_by_slug(form.cleaned_data["school"])
        came = _try(request, school, form.cleaned_data["words"])
        if came is not None:
            return came
        form.add_error(
            "words",
            _("These are not the words of a card that works. Look once more, or ask your teacher for a new card."),
        )
    context = {"form": form, "school": School.objects.filter(slug=initial["school"]).first()}
    return render(request, "access/card.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def come(request: HttpRequest, school: str, words: str) -> HttpResponse:
    """The address in the QR code of an older card: nothing happens before the button is pressed, so that no preview comes in."""
    found = School.objects.filter(slug=school).first()
    if found is None:
        return render(request, "access/card_over.html", status=404)
    if request.method == "POST":
        return _try(request, found, words) or render(request, "access/card_over.html", status=404)
    return render(request, "access/card_come.html", {"school": found})


def _try(request: HttpRequest, school: School, words: str) -> HttpResponse | None:
    now = clock.utcnow(school)
    try:
        card = cards.find(school, words, address=address_of(request), at=now)
    except cards.TooMany:
        return too_many(request, minutes=1)
    if card is None:
        return None
    cards.used(card, now)
    return let_in(request, school, card)


def let_in(request: HttpRequest, school: School, card: Card) -> HttpResponse:
    """Open the pupil's own page for half an hour."""
    request.session.flush()
    request.session[CARD] = {"school": str(school.id), "person": str(card.person_id), "card": str(card.id)}
    request.session.set_expiry(30 * 60)
    return redirect(reverse("portal:home", args=[school.slug]))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Go out again: nothing stays on a shared tablet."""
    request.session.flush()
    return redirect("card")
