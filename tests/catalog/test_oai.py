"""OAI-PMH, harvested by a client that others wrote, and asked wrongly by us."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from sickle import Sickle
from sickle.oaiexceptions import BadArgument, IdDoesNotExist, NoRecordsMatch, NoSetHierarchy

from catalog.machines import oai
from catalog.models import Title
from tests import build
from tests.sure import sure


@pytest.fixture
def harvester(live_server, transactional_db, monkeypatch):
    monkeypatch.setattr(oai, "PER_PAGE", 3)
    return Sickle(f"{live_server.url}/oai/")


def test_another_s_client_harvests_every_record(harvester):
    names = {f"本 & <{number}>" for number in range(8)}
    for name in names:
        build.title(name, creator="夏目 漱石", isbn="9784000000109", ndc="913.6", subjects="猫; 小説")
    records = list(harvester.ListRecords(metadataPrefix="oai_dc"))
    assert {record.metadata["title"][0] for record in records} == names
    assert records[0].metadata["subject"] == ["猫", "小説", "NDC 913.6"]
    assert len(list(harvester.ListIdentifiers(metadataPrefix="oai_dc"))) == 8
    again = harvester.GetRecord(identifier=records[0].header.identifier, metadataPrefix="oai_dc")
    assert again.metadata == records[0].metadata
    assert harvester.Identify().granularity == "YYYY-MM-DDThh:mm:ssZ"
    assert [one.metadataPrefix for one in harvester.ListMetadataFormats()] == ["oai_dc"]


def test_only_what_changed_since_then_is_harvested(harvester):
    old, new = build.title("前の本"), build.title("今の本")
    Title.objects.filter(pk=old.pk).update(changed_at=datetime(2001, 1, 1, tzinfo=UTC))
    Title.objects.filter(pk=new.pk).update(year=2020)
    since = {"metadataPrefix": "oai_dc", "from": "2002-01-01"}
    assert [one.metadata["title"] for one in harvester.ListRecords(**since)] == [["今の本"]]
    with pytest.raises(NoRecordsMatch):
        harvester.ListRecords(metadataPrefix="oai_dc", until="1999-01-01")
    with pytest.raises(NoSetHierarchy):
        harvester.ListSets()
    with pytest.raises(IdDoesNotExist):
        harvester.GetRecord(identifier="oai:x:1", metadataPrefix="oai_dc")
    with pytest.raises(BadArgument):
        harvester.ListRecords(**{"metadataPrefix": "oai_dc", "from": "yesterday"})


def test_a_deleted_record_stays_known_as_deleted(harvester):
    titles = [build.title(f"本{number}") for number in range(8)]
    before = {one.header.identifier: one.header.deleted for one in harvester.ListRecords(metadataPrefix="oai_dc")}
    assert list(before.values()) == [False] * 8
    gone = {titles[1].pk, titles[2].pk, titles[7].pk}
    Title.objects.filter(pk__in=gone).delete()
    after = list(harvester.ListRecords(metadataPrefix="oai_dc", ignore_deleted=False))
    assert [one.header.identifier for one in after] == list(before)
    assert {int(one.header.identifier.rpartition(":")[2]) for one in after if one.header.deleted} == gone
    headers = list(harvester.ListIdentifiers(metadataPrefix="oai_dc"))
    assert sum(header.deleted for header in headers) == 3
    assert harvester.GetRecord(identifier=list(before)[1], metadataPrefix="oai_dc").header.deleted
    assert harvester.Identify().deletedRecord == "persistent"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("", "badVerb"),
        ("verb=Nothing", "badVerb"),
        ("verb=Identify&verb=Identify", "badArgument"),
        ("verb=Identify&colour=red", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=a", "noSetHierarchy"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=x!y!1", "badResumptionToken"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01&until=2019-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=9999-12-31", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%00:1", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
    ],
)
def test_what_cannot_be_answered_says_why(client, asked, code):
    build.title()
    for answer in (client.get(f"/oai/?{asked}"), client.post("/oai/", asked, "application/x-www-form-urlencoded")):
        root = ElementTree.fromstring(answer.content)  # noqa: S314, our own answer
        assert sure(root.find(f"{{{oai.OAI}}}error")).get("code") == code
        assert answer.cookies == {}
