from fastapi import APIRouter

from roster.core.caching import ConditionalRoute

router = APIRouter(route_class=ConditionalRoute, tags=["users"])
