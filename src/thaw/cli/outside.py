"""Commands for those outside: bundles, certifications, and asking witnesses."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .door import book_session, emit
from .output import say, tell

commands = typer.Typer()
witness = typer.Typer(help="Witnesses: people elsewhere who sign how the ledger stands.", no_args_is_help=True)
commands.add_typer(witness, name="witness")

New = Annotated[Path, typer.Option("--out", metavar="FILE", help="The new file to write.")]
Witness = Annotated[str, typer.Argument(metavar="WITNESS", help="Name of the witness in the policy.")]
Folder = Annotated[Path, typer.Option("--state", metavar="DIR", help="Folder of the witness; it holds no casebook.")]


@commands.command()
def export(
    context: typer.Context,
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE.zip")],
    case: Annotated[str | None, typer.Option(metavar="ID", help="Only the entries on this case.")] = None,
) -> None:
    """Write entries, proofs, contents and files into one ZIP, with a program that checks it."""
    from thaw.casework.bundles import export as write

    from . import show

    with book_session(context) as session, show.progress("Exporting") as progress:
        made = write(session, bundle, case_id=case, purpose=context.obj.purpose, progress=progress)
    words = f"Wrote {made['bundle']}: {made['entries']} entries, {made['contents']} contents, {made['files']} files."
    emit(context, made, f"{words}\nSHA-256 {made['sha256']}\nSend the policy by another way than the bundle.")


@commands.command()
def certify(
    context: typer.Context,
    bundle: Annotated[Path | None, typer.Option(metavar="ZIP", help="Also identify and check this bundle.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write the text to this new file.")] = None,
) -> None:
    """Print the certification that goes with electronic records to court, filled in from a check made now."""
    from thaw.casework.certifying import certify as make

    from . import show

    with book_session(context) as session, show.progress("Verifying") as progress:
        made = make(session, bundle=bundle, out=out, progress=progress)
    emit(context, made, made["text"].rstrip("\n"))


@commands.command()
def nightly(context: typer.Context) -> None:
    """What `serve` does each night: heartbeat, `verify --all` with its result as an entry, witnesses asked."""
    from thaw.casework.nightly import nightly as run

    from . import show
    from .door import Ended

    with book_session(context) as session, show.progress("Verifying") as progress:
        done = run(session, progress)
    emit(context, done, show.verdict(done["verify"]))
    if done["verify"]["status"] != "ok":
        raise Ended(1 if done["verify"]["status"] == "tampered" else 3)


@witness.command("init")
def init(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Like an address: witness.court.example/w1.")],
    state: Folder = Path("witness"),
) -> None:
    """Make a witness on this machine: its key, and a policy file to name the logs that it trusts."""
    from thaw.casework import utc_now
    from thaw.casework.witness_server import POLICY, WitnessFolder

    made = WitnessFolder.make(state, name, utc_now)
    document = {"state": str(state), "name": name, "public_key": made.key.verifier.vkey, "policy": str(state / POLICY)}
    words = f"Made {state}. Name the logs to trust in {document['policy']}.\nPublic key of this witness:\n  "
    emit(context, document, words + document["public_key"])


@witness.command("serve")
def serve(
    context: typer.Context,
    state: Folder = Path("witness"),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 0,
) -> None:
    """Answer the requests of logs until stopped. Prints one line with the address."""
    from thaw.casework import utc_now
    from thaw.casework.witness_server import WitnessFolder, serve_witness

    serve_witness(WitnessFolder(state, utc_now), host, port, lambda url: emit(context, {"url": url}, url))


@witness.command("answer")
def answer(
    context: typer.Context,
    request: Annotated[Path, typer.Argument(metavar="REQUEST")],
    out: New,
    state: Folder = Path("witness"),
) -> None:
    """Answer a request that came as a file; carry the answer back."""
    from thaw.casework import utc_now
    from thaw.casework.witness_server import WitnessFolder, answer_file

    made = answer_file(WitnessFolder(state, utc_now), request, out)
    done = "Signed" if made["status"] == 200 else f"Refused ({made['status']})"
    emit(context, made, f"{done}. Carry {made['file']} back.")


@witness.command("send")
def send(context: typer.Context) -> None:
    """Ask every witness of the policy that has an address to sign the newest checkpoint."""
    from thaw.casework.witnessing import send as ask

    with book_session(context) as session:
        made = ask(session)
    lines = [_told(one) for one in made["witnesses"]] or ["The policy names no witness with an address."]
    emit(context, made, "\n".join([*lines, "" if made["enough"] else "Not enough for the policy."]).rstrip("\n"))


@witness.command("request")
def request(context: typer.Context, name: Witness, out: New) -> None:
    """Write the request for one witness to a file, to be carried there."""
    from thaw.casework.witnessing import request as write

    with book_session(context) as session:
        made = write(session, name, out)
    emit(context, made, f"Carry {made['file']} to {name}; there: `thaw witness answer {out.name} --out ANSWER`")


@witness.command("take")
def take(context: typer.Context, name: Witness, reply: Annotated[Path, typer.Argument(metavar="ANSWER")]) -> None:
    """Take in the file that a witness gave back."""
    from thaw.casework.witnessing import take as read

    with book_session(context) as session:
        made = read(session, name, reply)
    emit(context, made, _told(made))


@witness.command("status")
def status(context: typer.Context) -> None:
    """Who signed which state of the ledger when, and whether that is enough."""
    from thaw.casework import utc_now
    from thaw.casework.witnessing import status as find

    with book_session(context) as session:
        made = find(session, utc_now())
    lines = [f"{row['witness']}: {row['size'] or 'nothing'} {row['at'] or ''}".rstrip() for row in made["witnesses"]]
    if not made["enough"]:
        tell("Fewer witnesses than the policy asks for have signed within a day.")
    emit(context, made, "\n".join([f"The ledger has {made['size']} entries.", *lines]))


@commands.command("policy")
def policy(context: typer.Context) -> None:
    """Print the policy of this book, to be handed to those who check it."""
    from thaw.casework.policies import policy_text

    with book_session(context) as session:
        text = policy_text(session.book)
    if context.obj.as_json:
        emit(context, {"policy": text}, text)
    else:
        say(text.rstrip("\n"))


def _told(one: dict[str, object]) -> str:
    if one["answer"] == "signed":
        return f"{one['witness']}: signed the first {one['size']} entries at {one['at']}."
    return f"{one['witness']}: {one['answer']}: {one['problem']}."
