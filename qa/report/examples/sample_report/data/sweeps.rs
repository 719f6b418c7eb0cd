//! Made-up settings at several values: a number, a choice, and one that changes what is asked.

use groundling_report::{ProbeFile, Sweep, SweepMeasured, SweepValue, TemplateEntry};

use super::agents::tried;
use super::questions::{AskedQuestion, questions};

/// Value, and how much of what there is to read is read at it; none where it was not measured yet.
type Tried = (&'static str, Option<f64>);

const OVERSHOOT: [Tried; 6] =
    [("0", Some(0.55)), ("1", Some(0.6)), ("4", Some(0.8)), ("8", Some(1.0)), ("16", Some(0.95)), ("24", None)];
const DECODER: [Tried; 3] = [("deterministic", Some(1.0)), ("conv_draw", Some(0.9)), ("vae", Some(0.7))];
const NUM_OBJECTS: [Tried; 3] = [("[3, 3]", Some(1.1)), ("[5, 8]", Some(0.8)), ("[10, 12]", Some(0.5))];

/// Three sweeps by what `probed` was measured by; the last one's values have protocols of their own.
pub(super) fn sweeps(probed: &ProbeFile, asked: &[AskedQuestion]) -> Vec<Sweep> {
    let here = |_: usize, (label, share): Tried| value(label, share, probed, asked);
    let elsewhere = |place: usize, (label, share): Tried| {
        let mut probed =
            ProbeFile::new(probed.templates.clone(), probed.answers.clone(), probed.protocol.clone(), vec![]);
        probed.protocol.config_hash = format!("{place:016x}");
        // Every further protocol asks of one template less.
        probed.templates.truncate(probed.templates.len() - place);
        let num_episodes = asked.iter().map(|question| question.episode).max().unwrap_or(0) + 1;
        let asked = questions(num_episodes, &probed.templates);
        value(label, share, &probed, &asked)
    };
    let values = |tried: &[Tried], of: &dyn Fn(usize, Tried) -> SweepValue| {
        tried.iter().enumerate().map(|(place, &tried)| of(place, tried)).collect()
    };
    let sweep = |name: &str, key: &str, values| Sweep { name: name.into(), key: key.into(), values };
    vec![
        sweep("overshoot", "predictive.simcore.overshoot", values(&OVERSHOOT, &here)),
        sweep("decoder", "predictive.simcore.decoder", values(&DECODER, &here)),
        sweep("objects", "room.num_objects", values(&NUM_OBJECTS, &elsewhere)),
    ]
}

fn value(label: &str, share: Option<f64>, probed: &ProbeFile, asked: &[AskedQuestion]) -> SweepValue {
    let measured = share.and_then(|share| {
        let rows = tried(share, asked, &probed.templates as &[TemplateEntry]);
        let names = |is_untrained: bool| {
            let of_kind = |row: &&groundling_report::ProbedAgent| match is_untrained {
                true => row.kind == groundling_report::ProbedKind::Untrained,
                false => row.kind.is_run(),
            };
            rows.iter().filter(of_kind).map(|row| row.name.clone()).collect::<Vec<String>>()
        };
        let (agents, untrained) = (names(false), names(true));
        let (templates, answers) = (probed.templates.clone(), probed.answers.clone());
        SweepMeasured::of(&ProbeFile::new(templates, answers, probed.protocol.clone(), rows), &agents, &untrained)
    });
    SweepValue { label: label.into(), number: label.parse().ok(), measured }
}
