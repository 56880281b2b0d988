"""The pages of institutions."""

from django.urls import path

from institutions import views

app_name = "institutions"

urlpatterns = [path("<str:code>/account/", views.account, name="account")]
