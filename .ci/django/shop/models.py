import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Staff(AbstractBaseUser):
    """A member of staff, with the columns that Gatehouse imports."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(unique=True)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60, blank=True)
    preferred_name = models.CharField(max_length=60, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_office_staff = models.BooleanField(default=False)
    is_workshop_staff = models.BooleanField(default=False)
    is_superuser = models.BooleanField(default=False)
    password_needs_reset = models.BooleanField(default=False)
    date_left = models.DateField(null=True, blank=True)

    USERNAME_FIELD = "email"
    objects = BaseUserManager()


class Effect(models.Model):
    """Something that a request has done, and who sent it."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE)
