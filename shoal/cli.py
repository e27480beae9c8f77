"""The command `shoal`.

Exit codes: 0 done, or stopped as asked; 1 something failed, and it was said what; 130
interrupted before it was done.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.markup import escape
from rich.table import Table

from shoal.admin import NewAdmin, admin_email, create_admin, create_first_admin, settings_from
from shoal.demo.run import SignIn, run_demo
from shoal.demo.steps import DemoFailed
from shoal.environment import BadEnvironment
from shoal.environment import write as write_environment
from shoal.folder import AlreadyRunning, Folder
from shoal.joining import CannotJoin, check
from shoal.operation import backup, doctor, migrate, restore
from shoal.operation.migrating import migrate_quietly
from shoal.process import StartFailed
from shoal.stack import Stack, services
from shoal.terminal import console, data_folder, say
from store.errors import BadSettings, StoreError

GAVE_UP = "the platform could not be kept running"
FIRST_START = "at the first start"
EXPECTED = (AlreadyRunning, BadEnvironment, CannotJoin, DemoFailed, StartFailed, StoreError)

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
admin_app = typer.Typer(no_args_is_help=True)
worker_app = typer.Typer(no_args_is_help=True)
for operate in (backup, restore, doctor, migrate):
    app.command()(operate)
app.add_typer(admin_app, name="admin", help="Accounts, from the machine itself.")
app.add_typer(worker_app, name="worker", help="One more worker, on this host or another.")


@app.command()
def up() -> None:
    """Start the platform and keep it running until Ctrl-C."""
    with Stack(data_folder(), say) as stack:
        newcomer = _bring_up(stack)
        _show_addresses(stack.url)
        _show_sign_in(newcomer)
        _stay_up(stack)


@app.command()
def demo(
    data: Annotated[Path | None, typer.Option(help="A file of yours instead of WordNet.")] = None,
    once: Annotated[bool, typer.Option("--once", help="End after the report.")] = False,
) -> None:
    """Run the main job on real data, from the file to answers of a published model."""
    folder = data_folder()
    if running := folder.running_now():
        console.print(f"Using the platform that runs at {running.url}.")
        asyncio.run(_demo(running.url, folder, data, None))
        _show_addresses(running.url)
        return
    with Stack(folder, say) as stack:
        newcomer = _bring_up(stack)
        _show_sign_in(newcomer)
        asyncio.run(_while_up(stack, _demo(stack.url, folder, data, newcomer)))
        _show_addresses(stack.url)
        _show_sign_in(None, shown="above" if newcomer else FIRST_START)
        if not once:
            _stay_up(stack)


@app.command()
def init(
    file: Annotated[Path, typer.Option(help="Where.")] = Path(".env"),
    force: Annotated[bool, typer.Option("--force", help="Replace one that is there.")] = False,
) -> None:
    """Make the secrets of an installation in containers, or check those that are there."""
    if write_environment(file, force=force):
        console.print(f"{file} has secrets of its own now, and only you can read it. Next:")
        console.print("  docker compose up --build --detach")
        console.print("  docker compose run --rm server admin create --email you@example.org")
    else:
        console.print(f"{file} has every secret already: nothing was changed.")


@app.command()
def server() -> NoReturn:
    """Only the server, on services that the environment names or a running platform started."""
    _become("server")


@app.command()
def webhooks() -> NoReturn:
    """Only the process that sends webhooks."""
    _become("server.webhooks")


@worker_app.command()
def pipeline() -> NoReturn:
    """A worker that runs jobs."""
    _become("workers.pipeline_worker")


@worker_app.command()
def inference() -> NoReturn:
    """A worker that answers with published models."""
    _become("workers.inference_worker")


@admin_app.command()
def create(
    email: Annotated[str, typer.Option(help="Who signs in with it.")],
    name: Annotated[str, typer.Option(help="What the dashboard shows.")] = "Admin",
    ask: Annotated[bool, typer.Option("--ask", help="Ask for a password.")] = False,
) -> None:
    """Make an account with the role ADMIN; prints a random password unless asked to ask."""
    password = (
        typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        if ask else secrets.token_urlsafe(12)
    )  # fmt: skip
    with services(data_folder(), say) as environ:
        user = asyncio.run(create_admin(settings_from(environ), email, name, password))
    console.print(f"{user.email} is an admin now." + ("" if ask else f" Password: {password}"))


@app.command()
def version() -> None:
    """Print the installed version."""
    console.print(f"shoal {installed_version('shoal')}")


def main() -> None:
    """Run the command; what is expected to fail ends in one clear message."""
    # a shell has what a script puts in the background ignore SIGINT: here it still means "stop"
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup is taken at its word
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    try:
        app()
    except EXPECTED as error:
        console.print(f"[bold red]Error:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(1)


def _bring_up(stack: Stack) -> NewAdmin | None:
    """Start everything; the first admin, if this start made one."""
    with console.status("Starting the services"):
        stack.start_services()
        settings = settings_from(stack.environ)
        asyncio.run(migrate_quietly(settings, say))
        newcomer = asyncio.run(create_first_admin(settings))
    with console.status("Starting the server and the workers"):
        stack.start_application()
    return newcomer


async def _demo(url: str, folder: Folder, file: Path | None, newcomer: NewAdmin | None) -> None:
    def password() -> str:
        return newcomer.password if newcomer else _ask_password()

    await run_demo(url, folder.root, file, SignIn(admin_email(), password), console)


async def _while_up(stack: Stack, work: Coroutine[None, None, None]) -> None:
    """Do the work, unless the platform under it cannot be kept running."""
    task = asyncio.create_task(work)
    while not (await asyncio.wait({task}, timeout=1))[0]:
        if stack.gave_up:
            task.cancel()
            raise StartFailed(GAVE_UP)
    task.result()


def _ask_password() -> str:
    """For a platform whose admin was made before the demo had a key of its own."""
    if given := os.environ.get("SHOAL_ADMIN_PASSWORD"):
        return given
    if not sys.stdin.isatty():
        raise DemoFailed(f"set SHOAL_ADMIN_PASSWORD to the password of {admin_email()}")
    return str(typer.prompt(f"Password of {admin_email()}", hide_input=True))


def _stay_up(stack: Stack) -> None:
    console.print("Ctrl-C stops everything; the data stays.")
    with suppress(KeyboardInterrupt):
        stack.wait()
    if stack.gave_up:
        raise StartFailed(GAVE_UP)


def _show_addresses(url: str) -> None:
    table = Table.grid(padding=(0, 2))
    for name, path in (("API", "graphql"), ("GraphiQL", "graphiql"), ("health", "readyz"),
                       ("metrics", "metrics")):  # fmt: skip
        table.add_row(f"  {name}", f"[bold cyan]{url}/{path}")
    console.print("\n[bold]Shoal is up.[/]", table)


def _show_sign_in(newcomer: NewAdmin | None, shown: str = FIRST_START) -> None:
    line = (
        f"[bold]{newcomer.user.email}[/] with the password "
        f"[bold]{newcomer.password}[/] (shown only now)"
        if newcomer
        else f"[bold]{admin_email()}[/] with the password shown {shown}"
    )
    console.print(f"  Sign in as {line}.", soft_wrap=True)


def _become(module: str) -> NoReturn:
    """Replace this process by the module's, joined to a running platform where there is one."""
    folder = data_folder()
    environ = dict(os.environ)
    if running := folder.running_now():
        environ = {"SECRET_KEY": folder.secret_key(), **environ, **running.environ}
    try:
        settings = settings_from(environ)
    except BadSettings as bad:
        joined = f"Where `shoal up` runs, SHOAL_DATA names its folder; here it is {folder.root}"
        raise CannotJoin(f"{bad}. {joined}") from None
    asyncio.run(check(settings))
    environ["PYTHONSAFEPATH"] = "1"  # a folder here that is called as ours must not be taken for it
    os.execve(sys.executable, [sys.executable, "-m", module], environ)  # noqa: S606 (no shell is wanted)


if __name__ == "__main__":
    main()
