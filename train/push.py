"""A bundle to a model hub, on request only."""

from pathlib import Path
from typing import Any

from warwire.annotations.errors import InputError, MissingExtraError
from warwire.model.bundle import open_bundle
from warwire.train.card import CARD
from warwire.train.config import REPOSITORY


def push(bundle: Path, repository: str, *, private: bool = True, api: Any = None) -> str:
    """Upload a bundle with its card; the repository is made where there is none. The address of the upload.

    Args:
        bundle: a folder that 'warwire train' wrote.
        repository: `somebody/some-model`.
        private: whether a repository that is made is private.
        api: an `huggingface_hub.HfApi`; None logs in as the hub's own command line does.

    Raises:
        InputError: no name of a repository, no bundle, no card, no login, or a hub that refuses or cannot be reached.
    """
    if not REPOSITORY.fullmatch(repository):
        raise InputError(f"{repository}: no name of a repository; give OWNER/NAME, such as somebody/some-model")
    open_bundle(bundle)
    if not (bundle / CARD).is_file():
        raise InputError(f"{bundle / CARD}: no such file; a model without its card is not pushed, train it again")
    try:
        from huggingface_hub import HfApi
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "huggingface_hub", "train") from None
    api = api or HfApi()
    try:
        api.create_repo(repository, private=private, exist_ok=True, repo_type="model")
        done = api.upload_folder(
            repo_id=repository,
            folder_path=str(bundle),
            repo_type="model",
            commit_message=f"{open_bundle(bundle).manifest.name}, by warwire",
        )
    except Exception as error:  # the hub's client lets the errors of several HTTP libraries through
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise InputError(f"{repository}: not pushed: {reason}; {bundle} is as it was") from None
    return str(done)
