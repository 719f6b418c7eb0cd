//! Settings that cannot work together: each section is sound by itself, and still the run would not do what it says.

use groundling_interface::InvalidSetting;
use groundling_room::HeldOut;

use super::Config;
use crate::split::{Split, SplitPart};

impl Config {
    /// Checks what only several sections together decide. The error names the setting that most likely has to give way.
    pub(super) fn validate_together(&self) -> Result<(), InvalidSetting> {
        self.agent.validate_for(self.camera.height, self.camera.width)?;
        self.validate_prediction()?;
        self.validate_warmup()?;
        self.validate_split()
    }

    /// Nothing outside an unroll can be predicted, or started from.
    fn validate_prediction(&self) -> Result<(), InvalidSetting> {
        let length = self.training.unroll_length;
        if let Some((key, steps)) = self.predictive.longest_prediction() {
            let expected =
                format!("must be at most training.unroll_length = {length}: no frame further ahead is at hand");
            InvalidSetting::unless(steps <= length, &key, steps, &expected)?;
        }
        if let Some((key, rows)) = self.predictive.earliest_start() {
            let expected =
                format!("must be less than training.unroll_length = {length}: no row behind it is in an unroll");
            InvalidSetting::unless(rows < length, &key, rows, &expected)?;
        }
        Ok(())
    }

    /// A step size that is still rising when the run ends was never the one that was asked for.
    fn validate_warmup(&self) -> Result<(), InvalidSetting> {
        let (updates, frames, each) =
            (self.training.num_updates(), self.training.num_frames, self.training.frames_per_update());
        let expected = format!(
            "must be at most the {updates} updates of the run, which are training.num_frames = {frames} by {each} frames each"
        );
        let warmup = self.optimizer.warmup_updates;
        InvalidSetting::unless(warmup <= updates, "optimizer.warmup_updates", warmup, &expected)
    }

    /// A compositional test asks about pairs that there are, and that the agent has not met.
    fn validate_split(&self) -> Result<(), InvalidSetting> {
        if self.evaluation.split == Split::Random {
            return Ok(());
        }
        let (key, value) = ("evaluation.split", "compositional");
        let expected = "must be random where room.held_out_share = 0: there is no pair to test";
        InvalidSetting::unless(self.room.held_out_share > 0.0, key, value, expected)?;
        let expected =
            "must be random where room.held_out = present: the agent meets the pairs of the test in training";
        InvalidSetting::unless(self.room.held_out == HeldOut::Absent, key, value, expected)?;
        self.room_of(SplitPart::Test).validate()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(settings: &[&str]) -> String {
        let settings: Vec<String> = settings.iter().map(ToString::to_string).collect();
        let error = Config::from_settings(&settings).unwrap_err();
        assert_eq!(crate::failure::exit_code(&error), 2);
        error.to_string()
    }

    fn accepted(settings: &[&str]) {
        let settings: Vec<String> = settings.iter().map(ToString::to_string).collect();
        Config::from_settings(&settings).unwrap();
    }

    #[test]
    fn a_prediction_stays_within_an_unroll() {
        // Looking both ways, it is the farther one that counts.
        let near = "predictive.other_views.later=1";
        let error = |settings: &[&str]| error(&[settings, &[near]].concat());
        let accepted = |settings: &[&str]| accepted(&[settings, &[near]].concat());
        for (loss, key) in [
            ("simcore", "overshoot"),
            ("cpc_a", "horizon"),
            ("other_views", "earlier"),
            ("latent_targets", "overshoot"),
        ] {
            let loss_is = format!("predictive.loss={loss}");
            let length = |steps: usize| format!("predictive.{loss}.{key}={steps}");
            let early = format!("predictive.{loss}.earliest_start=3");
            accepted(&[&loss_is, &length(15), &early, "training.unroll_length=15"]);
            let refused = error(&[&loss_is, &length(16), &early, "training.unroll_length=15"]);
            let words = format!("predictive.{loss}.{key} = 16: must be at most training.unroll_length = 15");
            assert!(refused.contains(&words), "{refused}");

            let late = |rows: usize| format!("predictive.{loss}.earliest_start={rows}");
            accepted(&[&loss_is, &length(4), &late(14), "training.unroll_length=15"]);
            let refused = error(&[&loss_is, &length(4), &late(15), "training.unroll_length=15"]);
            let words = format!("predictive.{loss}.earliest_start = 15: must be less than training.unroll_length = 15");
            assert!(refused.contains(&words), "{refused}");

            // What a loss that is not chosen would need is not asked of it.
            accepted(&["predictive.loss=none", &length(16), &late(15), "training.unroll_length=15"]);
        }
    }

    #[test]
    fn a_learning_rate_rises_within_the_run() {
        let run = ["training.rooms_per_actor=10", "training.unroll_length=20", "training.num_frames=2000"];
        accepted(&[&run[..], &["optimizer.warmup_updates=10"]].concat());
        let refused = error(&[&run[..], &["optimizer.warmup_updates=11"]].concat());
        for word in ["optimizer.warmup_updates = 11", "the 10 updates", "training.num_frames = 2000", "200 frames each"]
        {
            assert!(refused.contains(word), "{word}: {refused}");
        }
    }

    #[test]
    fn a_picture_is_large_enough_for_its_encoder() {
        let conv = "agent.conv=[{channels=4,kernel=8,stride=8},{channels=4,kernel=8,stride=8}]";
        let refused = error(&["camera.width=16", "camera.height=12", conv]);
        assert!(refused.starts_with(&format!("--set {conv}: agent.conv = 8x8/8 4, 8x8/8 4: layer 1 has nothing left")));
        assert!(refused.contains("16x12"), "{refused}");
        accepted(&["camera.width=16", "camera.height=12", conv, "agent.encoder=deep"]);
        accepted(&["camera.width=128", "camera.height=96", conv]);
    }

    #[test]
    fn unrolls_have_at_least_two_steps() {
        for steps in ["0", "1"] {
            let refused = error(&[&format!("training.unroll_length={steps}")]);
            assert!(refused.contains(&format!("training.unroll_length = {steps}: must lie between 2")), "{refused}");
        }
    }

    #[test]
    fn a_processor_computes_in_f32() {
        for precision in ["tf32", "bf16"] {
            let setting = format!("training.precision={precision}");
            let refused = error(&[&setting]);
            assert!(refused.contains("must be f32 where training.device is cpu"), "{refused}");
            accepted(&[&setting, "training.device=cuda:1"]);
        }
        accepted(&["training.device=cuda"]);
    }

    #[test]
    fn a_compositional_test_has_pairs_that_no_training_had() {
        let split = "evaluation.split=compositional";
        accepted(&[split, "room.held_out_share=0.1"]);
        let refused = error(&[split]);
        let words = "evaluation.split = compositional: must be random where room.held_out_share = 0";
        assert!(refused.contains(words), "{refused}");
        let refused = error(&[split, "room.held_out_share=0.1", "room.held_out=present"]);
        assert!(refused.contains("evaluation.split = compositional: must be random where room.held_out = present"));
        let refused = error(&[split, "room.held_out_share=0.1", "room.num_objects=[0, 4]"]);
        assert!(refused.starts_with("--set room.num_objects=[0, 4]: room.num_objects = [0, 4]: must be at least 1"));
        assert!(error(&["evaluation.split=other"]).contains("unknown variant `other`"));
    }
}
