//! The three sets of examples that a probe needs.

use groundling_probe::{OfflineData, ProbeExample};

use crate::split::SplitPart;

/// Examples of rooms of which no two sets share one.
#[derive(Debug, Default)]
pub(crate) struct Examples {
    /// What a probe learns from.
    pub(crate) train: Vec<ProbeExample>,
    /// What ends its learning.
    pub(crate) validation: Vec<ProbeExample>,
    /// What it is scored on, once.
    pub(crate) test: Vec<ProbeExample>,
}

impl Examples {
    /// What a probe is trained with, as it takes them; the test is handed over when training has ended.
    pub(crate) fn data(&self) -> OfflineData<'_> {
        OfflineData { train: &self.train, validation: &self.validation }
    }

    /// Those of one part.
    pub(crate) fn of(&self, part: SplitPart) -> &[ProbeExample] {
        match part {
            SplitPart::Train => &self.train,
            SplitPart::Validation => &self.validation,
            SplitPart::Test => &self.test,
        }
    }

    /// Those of one part.
    pub(crate) fn of_mut(&mut self, part: SplitPart) -> &mut Vec<ProbeExample> {
        match part {
            SplitPart::Train => &mut self.train,
            SplitPart::Validation => &mut self.validation,
            SplitPart::Test => &mut self.test,
        }
    }

    /// Examples of all three sets.
    pub(crate) fn len(&self) -> usize {
        self.train.len() + self.validation.len() + self.test.len()
    }
}
