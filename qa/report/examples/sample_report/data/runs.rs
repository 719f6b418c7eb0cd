//! Made-up logs of training.

use std::collections::BTreeMap;

use groundling_interface::derive;
use groundling_report::{Metrics, MetricsRecord, RunSummary};
use rand::Rng;

/// A run's log: losses that fall with noise, and an accuracy that rises late.
pub(crate) fn run(name: &str, num_records: u64) -> RunSummary {
    let mut generator = derive(4, name, &[]);
    let mut noise = || f64::from(generator.next_u32()) / f64::from(u32::MAX) - 0.5;
    let is_simcore = name.starts_with("simcore");
    let records = (1..=num_records).map(|index| {
        let done = index as f64 / num_records as f64;
        let mut values = BTreeMap::from([
            ("loss/policy".to_owned(), 1.9 * (-3.0 * done).exp() + 0.5 + 0.2 * noise()),
            ("loss/baseline".to_owned(), 0.4 * (-5.0 * done).exp() + 0.04 + 0.03 * noise()),
            ("loss/entropy".to_owned(), -1.9 + 0.7 * done + 0.1 * noise()),
            ("gradient_norm/core/predictive".to_owned(), 0.3 + 0.2 * noise()),
            ("episode/return".to_owned(), 3.0 * done + 1.5 * noise()),
            (
                "probe/accuracy/mean".to_owned(),
                0.29 + if is_simcore { 0.27 / (1.0 + (-12.0 * (done - 0.45)).exp()) } else { 0.03 * done }
                    + 0.04 * noise(),
            ),
        ]);
        if is_simcore {
            values.insert("loss/simcore".to_owned(), 80.0 * (-9.0 * done).exp() + 0.9 + 0.3 * noise());
        }
        MetricsRecord { update: index * 2, frames: index * 1_500, seconds: index as f64 * 0.21, values }
    });
    RunSummary {
        name: name.into(),
        config_toml: format!(
            "seed = 1\n\n[room]\nnum_objects = 3\n\n[agent]\npredictive = \"{}\"\nlearning_rate = 0.001\n",
            if is_simcore { "simcore" } else { "none" }
        ),
        manifest: serde_json::json!({
            "version": "0.1.0", "seed": 1, "host": { "cores": 2, "libtorch": "2.11.0" }, "config_hash": "5e1f0c9ab3d2"
        }),
        metrics: Metrics { records: records.collect(), bad_lines: vec![], last_line_cut: false },
    }
}
