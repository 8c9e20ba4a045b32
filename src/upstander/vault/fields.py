"""A model field whose text is encrypted with the school's key and opened when it is read."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from upstander.vault import keys


class _OpensOnReading(DeferredAttribute):
    """Holds the box as it came from the table until somebody asks for the text."""

    field: SealedText

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, owner)
        if isinstance(value, (bytes, memoryview)):
            value = self.field.opened(instance, bytes(value))
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        # Being a data descriptor, it is asked before the instance's own dictionary.
        instance.__dict__[self.field.attname] = value


class SealedText(models.BinaryField):
    """Text that lies encrypted in its column. The model needs ``school_id`` (or is the school); empty text stays empty.

    It cannot be searched, sorted or set by ``QuerySet.update``.
    """

    # What the type checker's Django plugin reads: the column takes and gives text.
    _pyi_private_set_type: str | bytes  # type: ignore[assignment]
    _pyi_private_get_type: str  # type: ignore[assignment]

    descriptor_class = _OpensOnReading

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", b"")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def get_default(self) -> Any:
        return ""

    def pre_save(self, instance: models.Model, add: bool) -> bytes:
        held = instance.__dict__.get(self.attname, "")
        if isinstance(held, (bytes, memoryview)):
            return bytes(held)
        return self.sealed(instance, str(held))

    def sealed(self, instance: models.Model, text: str) -> bytes:
        return keys.seal_for_school(_school_of(instance), self._path(instance), text) if text else b""

    def opened(self, instance: models.Model, box: bytes) -> str:
        return keys.open_for_school(_school_of(instance), self._path(instance), box) if box else ""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str) and value:
            raise TypeError(f"{self.name} is sealed: save the object, do not update() or filter() its text")
        return super().get_db_prep_value(b"" if value == "" else value, connection, prepared)

    def _path(self, instance: models.Model) -> str:
        return f"{instance._meta.db_table}/{self.column}/{instance.pk}"

    def value_to_string(self, obj: models.Model) -> str:
        return str(getattr(obj, self.attname))


def _school_of(instance: models.Model) -> Any:
    return instance.school_id if hasattr(instance, "school_id") else instance.pk
