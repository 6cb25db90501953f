"""Search: fold, ask, answer. Pages ask ``catalog.search.find.find(Query.read(request.GET))``."""
