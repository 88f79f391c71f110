"""The sentences of executions: their states, reasons and stages.

Read through `core.messages` only.
"""

from __future__ import annotations

from typing import Final

from core.language import N_

SENTENCES: Final[dict[str, str]] = {
    # states, as words inside a sentence
    "status.active": N_("active"),
    "status.paused": N_("paused"),
    "status.queued": N_("queued"),
    "status.running": N_("running"),
    "status.retrying": N_("retrying"),
    "status.completed": N_("completed"),
    "status.failed": N_("failed"),
    "status.timed_out": N_("timed out"),
    "status.cancelled": N_("cancelled"),
    "status.lost": N_("lost"),
    "status.skipped": N_("skipped"),
    "status.missed": N_("missed"),
    # executions
    "execution.not_found": N_("There is no execution {execution_id}."),
    "execution.illegal_transition": N_(
        "An execution cannot go from “{before_status}” to “{after_status}”."
    ),
    "execution.already_final": N_("Execution {execution_id} has already ended ({status})."),
    "execution.stale_fence": N_(
        "This result came too late: execution {execution_id} was given to another runner."
    ),
    # reasons an execution ended
    "reason.overlap": N_(
        "Skipped: execution {blocking_id} of the same task was still {blocking_status}."
    ),
    "reason.replaced": N_(
        "Skipped: execution {blocking_id}, planned later, took its place in the queue."
    ),
    "reason.calendar_range": N_(
        "Skipped: {count} planned times from {first_at} to {last_at} fell on closed days."
    ),
    "reason.grace": N_(
        "Missed: nothing was running at the planned time; found {late_seconds} late, beyond the"
        " grace of {grace_seconds}."
    ),
    "reason.grace_range": N_(
        "Missed: nothing was running; {count} planned times from {first_at} to {last_at} passed."
    ),
    "reason.too_few_samples": N_(
        "Too few samples: {found} processed, at least {needed} are needed; import more samples."
    ),
    "reason.too_few_students": N_(
        "Only {found} student has processed samples, at least {needed} are needed;"
        " import samples of"
        " another student."
    ),
    "reason.no_base_model": N_("No model in service to build on: run a full training first."),
    "reason.no_new_samples": N_(
        "No new sample since the model in service (version {version}): import samples,"
        " then run again."
    ),
    "reason.unchanged": N_(
        "Skipped: nothing changed since the model in service (version {version}); use force_retrain"
        " to train all the same."
    ),
    "reason.samples_removed": N_(
        "Samples of the model in service are gone: run a full training instead."
    ),
    "reason.extractor_changed": N_(
        "The features changed with this release: run a full training instead."
    ),
    "reason.sample_unreadable": N_(
        "The image of sample {sample_id} cannot be read ({file}): restore the file or"
        " import it again."
    ),
    "reason.base_model_damaged": N_(
        "The model in service (version {version}) does not match its checksum: run a full training."
    ),
    "reason.invalid_settings": N_("The task's settings cannot be used: {detail}"),
    "reason.trainer_failed": N_("The trainer failed: {detail}"),
    "reason.worker_died": N_(
        "The training process ended with {how} before it gave a result; see the log."
    ),
    "reason.no_result": N_("The training process ended without a result; see the log."),
    "reason.worker_not_started": N_(
        "The training process could not be started ({detail}): check disk space and memory."
    ),
    "reason.timeout": N_("Stopped: it ran longer than its time limit of {limit_seconds}."),
    "reason.cancelled": N_("Cancelled by {actor}."),
    "reason.runner_lost": N_(
        "The runner on {host} stopped answering while this ran; the result is unknown."
    ),
    "reason.runner_stopped": N_("Stopped because the runner was closed."),
    "reason.task_deleted": N_("Cancelled because the task was deleted."),
    "reason.gate_refused": N_(
        "Trained, but not put in service: {metric} is {candidate}, the model in service has"
        " {champion}."
    ),
    "reason.gate_floor": N_(
        "Trained, but not put in service: {metric} is {candidate}, at least {floor} is required."
    ),
    # stages of a training
    "stage.starting": N_("Starting"),
    "stage.waiting": N_("Waiting"),
    "stage.loading": N_("Loading the model in service"),
    "stage.features": N_("Computing features"),
    "stage.evaluating": N_("Evaluating on held-out samples"),
    "stage.fitting": N_("Fitting the model"),
    "stage.saving": N_("Saving the model"),
    "reason.model_format": N_(
        "The model in service (version {version}) was written by another release: run a full"
        " training instead."
    ),
}
