//! Tracked files speak to every reader: no folder of one machine, no entry of a tracker that others cannot read.

#[test]
fn tracked_files_speak_to_every_reader() {
    assert_eq!(xtask::tracked_text::check(&xtask::cargo::workspace_root()), Ok(()));
}
