"""A journey as a shell script that creates it with curl, for bug reports and for people who work at
a terminal.

No secret is in it: the token comes from $TOKEN, or is fetched with $CLIENT_ID and $CLIENT_SECRET.
The bytes of the body are those that would be sent, and a line feed.
"""

import shlex
from itertools import count

from journeys.spec.document import dumps

SCRIPT = """\
#!/usr/bin/env bash
# Creates the journey {name}
# Set TOKEN to an access token; or set CLIENT_ID and CLIENT_SECRET, and a token is fetched first.
set -euo pipefail
auth={auth}
rest={rest}
account={account}

if [ -z "${{TOKEN:-}}" ]; then
  : "${{CLIENT_ID:?Set TOKEN, or CLIENT_ID and CLIENT_SECRET}}"
  : "${{CLIENT_SECRET:?Set CLIENT_SECRET too}}"
  answer=$(curl --silent --show-error --fail --request POST "$auth/v2/token" \\
    --header 'Content-Type: application/json' --data-binary @- <<TOKEN_CALL
{{"grant_type":"client_credentials","client_id":"$CLIENT_ID","client_secret":"$CLIENT_SECRET"$account}}
TOKEN_CALL
  )
  TOKEN=$(printf '%s' "$answer" | sed -n 's/.*"access_token" *: *"\\([^"]*\\)".*/\\1/p')
fi

curl --silent --show-error --request POST "$rest/interaction/v1/interactions" \\
  --header @<(printf 'Authorization: Bearer %s' "$TOKEN") \\
  --header 'Content-Type: application/json; charset=UTF-8' \\
  --write-out '\\nHTTP %{{http_code}}\\n' \\
  --data-binary @- <<'{end}'
{body}
{end}
"""


def curl_script(document: dict, *, auth: str, rest: str, account_id: str = "") -> str:
    """`auth` and `rest` are the two origins of the tenant, without a slash at the end."""
    body = dumps(document).decode()
    lines = set(body.splitlines())
    end = next(word for number in count() if (word := f"JOURNEY{number or ''}") not in lines)
    name = "".join(
        letter
        for letter in str(document.get("name") or document.get("key"))
        if letter.isprintable()
    )
    account = f',"account_id":{dumps(account_id).decode()}' if account_id else ""
    quoted = {"auth": shlex.quote(auth), "rest": shlex.quote(rest), "account": shlex.quote(account)}
    return SCRIPT.format(name=name, body=body, end=end, **quoted)
