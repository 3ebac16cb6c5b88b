"""Signing in through the organisation's own provider (OpenID Connect), on django-allauth's client.

allauth brings state, PKCE, the exchange of the code and the table of links. Added here, because it
lacks or skips them: the nonce, the token's signature, the issuer of the discovery, bounds on what
is fetched, and who is let in.
"""
