"""The product's addresses, and the anchors below /anchor/."""

from elearn.urls import handler400 as handler400
from elearn.urls import handler500 as handler500
from elearn.urls import urlpatterns as product
from tests.bench.anchors import urlpatterns as anchors

urlpatterns = [*anchors, *product]
