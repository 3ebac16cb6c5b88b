from journeys.tenant import Answer, Client, Credentials, Token

GUID = "11111111-2222-4333-8444-555555555555"
BODY = b'{"key":"welcome","name":"Welcome","workflowApiVersion":1.0}'
JOURNEY = {
    "id": GUID,
    "key": "welcome",
    "name": "Welcome",
    "workflowApiVersion": 1,
    "lastPublishedDate": "0001-01-01T00:00:00",
    "createdDate": "2014-08-06T23:27:08.15",
    "modifiedDate": "2014-08-06T23:27:08.15",
    "version": 1,
    "status": "Draft",
    "definitionId": GUID,
}


def client(url: str, timeout: float = 3.0, **options) -> Client:
    return Client(
        Credentials("", "package", "s3cret-value", practice_url=url), timeout, 1.0, **options
    )


def token(url: str) -> Token:
    return Token("t0ken-value", 1000, url)


def answer_of(status: int, body: bytes, **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)
