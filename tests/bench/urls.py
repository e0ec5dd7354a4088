"""The product's addresses, and the anchors below /anchor/."""

from elearn.urls import urlpatterns as product
from tests.bench.anchors import urlpatterns as anchors

urlpatterns = [*anchors, *product]
