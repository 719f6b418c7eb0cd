//! Checks of single settings. NaN lies in no range, so it is refused everywhere.

use groundling_interface::InvalidSetting;

/// A number within `[least, greatest]`.
pub(super) fn within(key: &str, value: f32, least: f32, greatest: f32) -> Result<(), InvalidSetting> {
    let expected = format!("must lie between {least} and {greatest}");
    InvalidSetting::unless((least..=greatest).contains(&value), key, value, &expected)
}

/// A range `[low, high]` within `[least, greatest]`.
pub(super) fn range<T: PartialOrd + std::fmt::Display>(
    key: &str,
    [low, high]: [T; 2],
    least: T,
    greatest: T,
) -> Result<(), InvalidSetting> {
    let expected = format!("must be [low, high] with {least} <= low <= high <= {greatest}");
    let holds = least <= low && low <= high && high <= greatest;
    InvalidSetting::unless(holds, key, format!("[{low}, {high}]"), &expected)
}

/// Names out of `choices`, each at most once.
pub(super) fn names<'a>(
    key: &str,
    names: &[String],
    choices: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), InvalidSetting> {
    if let Some(name) = names.iter().find(|name| !choices.clone().any(|choice| choice == *name)) {
        let choices: Vec<&str> = choices.collect();
        return Err(InvalidSetting::new(key, name, format!("must be names of {}", choices.join(", "))));
    }
    distinct(key, names)
}

/// A name given twice would be drawn twice as often, which no reader of the configuration expects.
pub(super) fn distinct<T: PartialEq + std::fmt::Debug>(key: &str, values: &[T]) -> Result<(), InvalidSetting> {
    let repeated = values.iter().enumerate().find(|(index, value)| values[..*index].contains(value));
    match repeated {
        Some((_, value)) => Err(InvalidSetting::new(key, format!("{value:?}"), "must be given once only")),
        None => Ok(()),
    }
}
