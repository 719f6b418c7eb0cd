//! Writes a report from made-up data, to see how the page looks while it is changed:
//! `cargo run -p groundling-report --example sample_report -- sample.html`

use std::path::PathBuf;

use groundling_report::{AccuracyTable, Overwrite};

mod data;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("sample.html"), PathBuf::from);
    let report = data::report(400)?;
    print!("{}", AccuracyTable::of(&report.probed).to_text());
    let files = report.write(&path, Overwrite::Yes)?;
    println!("\n{}\n{}", files.page.display(), files.figures.display());
    Ok(())
}
