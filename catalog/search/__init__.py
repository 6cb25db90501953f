"""Search: fold, ask, answer. Pages ask ``catalog.search.ask.find(Query.read(request.GET))``."""
