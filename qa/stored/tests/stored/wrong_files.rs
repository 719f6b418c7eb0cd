//! Files that are wrong as a whole: of another kind, without columns, with columns of other types.

use std::path::Path;

use groundling_stored::{StoredBeliefs, StoredError};

use crate::tables::{Cell, Kind, Table, text, words};

#[test]
fn no_file_and_no_parquet() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("beliefs.parquet");
    assert!(matches!(StoredBeliefs::read(&missing), Err(StoredError::Unreadable { .. })));
    assert!(matches!(StoredBeliefs::read(folder.path()), Err(StoredError::Unreadable { .. })));
    for content in ["", "PA", "split,episode\ntrain,0\n"] {
        std::fs::write(&missing, content).unwrap();
        let error = StoredBeliefs::read(&missing).unwrap_err();
        assert!(matches!(error, StoredError::NotParquet { .. }), "{error}");
        assert!(error.to_string().ends_with("write one with the columns of docs/stored_beliefs.md"));
    }
}

#[test]
fn no_rows() {
    assert_eq!(Table::empty().refusal(), "the file has no rows; write one a question");
}

#[test]
fn columns_that_are_missing() {
    for column in ["split", "episode", "step", "question", "template", "tokens", "answer", "belief"] {
        let refusal = Table::good().without(column).refusal();
        assert!(refusal.starts_with(&format!("column `{column}` is missing (there are: ")), "{refusal}");
        assert!(refusal.ends_with("docs/stored_beliefs.md lists them"), "{refusal}");
    }
}

#[test]
fn columns_of_other_types() {
    let flags = || vec![Cell::Flag(true); 5];
    let told = |column, kind, cells| Table::good().with_column(column, kind, cells).refusal();
    assert_eq!(told("split", Kind::Flag, flags()), "column `split` holds boolean; it must hold strings");
    assert_eq!(
        told("episode", Kind::Text, vec![text("0"); 5]),
        "column `episode` holds utf8; it must hold whole numbers"
    );
    assert_eq!(
        told("tokens", Kind::Text, vec![text("is there"); 5]),
        "column `tokens` holds utf8; it must hold lists of strings"
    );
    assert_eq!(
        told("answer", Kind::Words, vec![words("yes"); 5]),
        "column `answer` holds lists of utf8; it must hold strings"
    );
    assert_eq!(
        told("belief", Kind::OneFloat, vec![Cell::Fraction(0.5); 5]),
        "column `belief` holds float; it must hold lists of 32-bit floats"
    );
    assert_eq!(
        told("belief", Kind::Words, vec![words("0.5"); 5]),
        "column `belief` holds lists of utf8; it must hold lists of 32-bit floats"
    );
    assert_eq!(told("seen", Kind::Whole, vec![Cell::Whole(1); 5]), "column `seen` holds int64; it must hold booleans");
}

#[test]
fn splits_in_which_nothing_is_asked() {
    let told = Table::good().with(3, "split", text("train")).refusal();
    assert_eq!(
        told,
        "no row asks a question for the headline in split validation; a probe needs train, validation and test"
    );
}

#[test]
fn metadata_that_say_the_wrong_thing() {
    let told = |metadata: &str| {
        let mut table = Table::good();
        table.metadata = Some(metadata.into());
        let refusal = table.refusal();
        assert!(
            refusal.starts_with("entry `groundling` of the metadata: ") || refusal.contains("vocabulary"),
            "{refusal}"
        );
        refusal
    };
    let header =
        |header: &str| told(&format!(r#"{{"format": "groundling-stored-beliefs", "version": 1, "header": {header}}}"#));
    assert!(told("beliefs").contains("expected value"));
    assert!(told(r#"{"version": 1}"#).contains("write \"groundling-stored-beliefs\""));
    assert!(told(r#"{"format": "groundling-stored-beliefs", "version": 2}"#).contains("its version is 2"));
    assert!(header(r#"{"agnet": "mine"}"#).contains("unknown field `agnet`"));
    let chance = r#"{"vocabulary": {"templates": [{"name": "exist", "wording": "", "chance": 2.0, "answers": []}],
        "tokens": ["is"], "answers": ["yes"], "max_tokens": 4}}"#;
    assert!(header(chance).contains("chance of template \"exist\" is 2; it must lie between 0 and 1"));
    let twice = r#"{"vocabulary": {"templates": [{"name": "exist", "wording": "", "chance": 0.5, "answers": ["yes"]}],
        "tokens": ["is", "is"], "answers": ["yes"], "max_tokens": 4}}"#;
    assert!(header(twice).contains("the vocabulary's list of tokens holds a word twice"));
}

/// `lz4.parquet` was written by pyarrow with `compression="lz4"`.
#[test]
fn a_codec_that_is_not_compiled_in() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/lz4.parquet");
    let error = StoredBeliefs::read(&path).unwrap_err().to_string();
    assert!(error.ends_with("column `split` is compressed by lz4_raw; write it with snappy or zstd"), "{error}");
}
