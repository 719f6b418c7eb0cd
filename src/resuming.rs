//! Which settings may differ when a run goes on, and what that does to it.
//!
//! | may differ | settings |
//! |---|---|
//! | always: what is learnt is the same | how often and where something is logged or saved, `training.actor_threads`, `training.divergence_limit`, `[evaluation]` |
//! | always: what is learnt is the same | a setting that the run's version did not have, at its default, which does what was done before |
//! | always: nothing reads them | `[oracle]` where `oracle.scale` is 0 and was |
//! | always: it only takes longer | `training.num_frames`, as long as the learning rate has not begun to fall under either number |
//! | in `async`, which never learns the same bits twice | of `[training]`: `device`, `inference`, `inference_batch_rooms`, `learner_threads`, `queue_capacity` |
//! | with `--accept-changes`: something else is learnt from here on | `[optimizer]`, `[losses]`, `[vtrace]`, `[predictive]`, `[oracle]`, and of `[training]` also `carried_state`, `precision`, `schedule` and what is above |
//! | never | the rest: it would be another agent, or other rooms |

use anyhow::Result;
use groundling_impala::{Checkpoint, RunDirectory, Schedule, SettingChange};
use tch::Device;

use crate::config::Config;
use crate::failure::wrong_input;

/// Settings that do not change what is learnt, or whole sections of them.
const WITHOUT_EFFECT: &[&str] = &[
    "evaluation",
    "training.actor_threads",
    "training.checkpoint_interval",
    "training.checkpoint_minutes",
    "training.divergence_limit",
    "training.keep_checkpoints",
    "training.keep_every",
    "training.log_interval",
    "training.picture_interval",
    "training.record_interval",
    "training.tensorboard",
];
/// Settings that change the bits of what is learnt in lockstep, and nothing that counts in async.
const WITHOUT_EFFECT_IN_ASYNC: &[&str] = &[
    "training.device",
    "training.inference",
    "training.inference_batch_rooms",
    "training.learner_threads",
    "training.queue_capacity",
];
/// Settings with which the same agent goes on in the same rooms, but learns something else.
const FROM_HERE_ON: &[&str] = &[
    "losses",
    "optimizer",
    "oracle",
    "predictive",
    "training.carried_state",
    "training.device",
    "training.inference",
    "training.inference_batch_rooms",
    "training.learner_threads",
    "training.num_frames",
    "training.precision",
    "training.queue_capacity",
    "training.schedule",
    "vtrace",
];

/// Refuses to go on where settings differ that must not; where none does, makes `config` the run's. Returns what changed.
pub(crate) fn settle(
    run: &RunDirectory,
    config: &Config,
    changes: Vec<SettingChange>,
    checkpoint: Option<&Checkpoint>,
    is_accepted: bool,
) -> Result<Vec<SettingChange>> {
    if changes.is_empty() {
        return Ok(changes);
    }
    let mut other = None;
    for change in &changes {
        if is_free(change, config, checkpoint) {
            continue;
        }
        other = other.or(Some(change));
        let remedy = match (is_among(&change.key, FROM_HERE_ON), is_accepted) {
            (true, true) => continue,
            (true, false) if change.key == "training.num_frames" => {
                "the learning rate falls towards the end, and has begun to: begin a new run with --run, or add \
                 --accept-changes to go on with the rate of the new length (optimizer.decay_share = 0 keeps it constant)"
            }
            (true, false) => {
                "resume with the same settings, choose another folder with --run, or add --accept-changes to learn with \
                 the new ones from here on"
            }
            (false, _) => "it would be another run: resume with the same settings, or choose another folder with --run",
        };
        return Err(wrong_input(run.other_setting(change.clone(), remedy)));
    }
    if let (Some(checkpoint), Some(change)) = (checkpoint, other) {
        // Before the run is changed: a loss of other sizes would need other parameters.
        let fits = config.blueprint()?.build(Device::Cpu)?.set_values(&checkpoint.agent);
        fits.map_err(|error| {
            wrong_input(format!("{change}, which the agent of {} does not fit: {error}", run.path().display()))
        })?;
    }
    run.adopt_config(&config.to_toml()?, &changes, checkpoint.map_or(0, |checkpoint| checkpoint.frames))?;
    Ok(changes)
}

/// Whether what is learnt is the same with and without the change.
fn is_free(change: &SettingChange, config: &Config, checkpoint: Option<&Checkpoint>) -> bool {
    let in_async = config.training.schedule == Schedule::Async;
    is_among(&change.key, WITHOUT_EFFECT)
        || is_new_at_its_default(change)
        || (in_async && is_among(&change.key, WITHOUT_EFFECT_IN_ASYNC))
        || (!config.is_oracle() && is_of_no_oracle(change))
        || (change.key == "training.num_frames" && keeps_learning_rate(change, config, checkpoint))
}

/// Whether the run was begun by a version that did not have the setting, and it has its default now. A new setting's
/// default does what was done before.
fn is_new_at_its_default(change: &SettingChange) -> bool {
    let Some(now) = change.now.as_ref().filter(|_| change.before.is_none()) else { return false };
    let Ok(Ok(all)) = Config::default().to_toml().map(|text| text.parse::<toml::Table>()) else { return false };
    let all = toml::Value::Table(all);
    let default = change.key.split('.').try_fold(&all, |section, name| section.get(name));
    default.is_some_and(|default| default.to_string() == *now)
}

/// Whether a change of an agent that is no oracle leaves it one: of a setting that only oracles read, or of a run that was
/// begun by a version that had no oracles.
fn is_of_no_oracle(change: &SettingChange) -> bool {
    is_among(&change.key, &["oracle"]) && (change.key != "oracle.scale" || change.before.is_none())
}

/// Whether every update so far had the learning rate that it has in a run of the new length. The rate falls at the end
/// only, so the last update tells.
fn keeps_learning_rate(change: &SettingChange, config: &Config, checkpoint: Option<&Checkpoint>) -> bool {
    let Some(last) = checkpoint.and_then(|checkpoint| checkpoint.update.checked_sub(1)) else { return true };
    let Some(before) = change.before.as_ref().and_then(|text| text.parse::<u64>().ok()) else { return false };
    let num_updates = before.div_ceil(config.training.frames_per_update());
    let rate = |num_updates| config.optimizer.learning_rate_at(last, num_updates);
    rate(num_updates) == rate(config.training.num_updates())
}

/// Whether `key` or its section is listed.
fn is_among(key: &str, list: &[&str]) -> bool {
    list.iter().any(|listed| key.strip_prefix(listed).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_that_was_not_there_is_free_at_its_default() {
        let change = |key: &str, before: Option<&str>, now: Option<&str>| {
            let change = SettingChange { key: key.into(), before: before.map(Into::into), now: now.map(Into::into) };
            is_free(&change, &Config::default(), None)
        };
        assert!(change("training.carried_state", None, Some("true")));
        assert!(!change("training.carried_state", None, Some("false")));
        assert!(!change("training.carried_state", Some("false"), Some("true")), "it was set");
        assert!(change("predictive.other_views.earlier", None, Some("48")));
        assert!(!change("predictive.other_views.earlier", None, Some("47")));
        assert!(!change("training.gone", Some("true"), None) && !change("training.unknown", None, Some("true")));
    }

    #[test]
    fn every_listed_setting_exists() {
        let all: toml::Table = Config::default().to_toml().unwrap().parse().unwrap();
        for key in [WITHOUT_EFFECT, WITHOUT_EFFECT_IN_ASYNC, FROM_HERE_ON].concat() {
            let mut parts = key.split('.');
            let section = parts.next().and_then(|section| all.get(section)).unwrap_or_else(|| panic!("{key}"));
            assert!(parts.next().is_none_or(|name| section.get(name).is_some()), "{key}");
        }
        assert!(is_among("losses.entropy", FROM_HERE_ON) && !is_among("lossesx", FROM_HERE_ON));
    }
}
