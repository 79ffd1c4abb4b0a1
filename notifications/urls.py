from django.urls import path

from notifications import views

urlpatterns = [path("inbox/items", views.items, name="inbox-items")]
