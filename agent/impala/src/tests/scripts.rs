//! That exploring by a script is refused where there is none, before anything is acted.

use super::trial::seat;
use crate::{Exploring, Seat};

#[test]
fn a_scripted_run_needs_a_script() {
    let without = || Seat { scripted: None, ..seat(None) };
    let refused = without().suited_to(Exploring::Scripted).err().unwrap().to_string();
    assert!(refused.contains("training.exploring = scripted"), "{refused}");
    assert!(without().suited_to(Exploring::Learned).is_ok());
    assert!(seat(None).suited_to(Exploring::Scripted).is_ok());
}
