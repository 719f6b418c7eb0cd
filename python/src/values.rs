//! Python values as TOML values, so that a keyword and a line of a file go the same way.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use toml::Value;

/// Lists in lists, at most; a list that holds itself goes on for ever.
const DEEPEST: usize = 8;

/// The TOML value of the setting `key`; `None` stands for a setting that is not given.
pub(crate) fn toml_value(key: &str, value: &Bound<'_, PyAny>) -> PyResult<Option<Value>> {
    if value.is_none() { Ok(None) } else { convert(key, value, 0).map(Some) }
}

fn convert(key: &str, value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
    if depth > DEEPEST {
        return Err(PyValueError::new_err(format!("{key}: is nested more than {DEEPEST} deep")));
    }
    // A bool is an int, and so it comes first.
    if let Ok(value) = value.cast::<PyBool>() {
        return Ok(Value::Boolean(value.is_true()));
    }
    if value.is_instance_of::<PyInt>() {
        let integer = value.extract::<i64>();
        return integer
            .map(Value::Integer)
            .map_err(|_| PyValueError::new_err(format!("{key} = {value}: is too large")));
    }
    if value.is_instance_of::<PyFloat>() {
        return Ok(Value::Float(value.extract()?));
    }
    if value.is_instance_of::<PyString>() {
        return Ok(Value::String(value.extract()?));
    }
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        let items = value.try_iter()?.map(|item| convert(key, &item?, depth + 1));
        return items.collect::<PyResult<_>>().map(Value::Array);
    }
    if let Ok(table) = value.cast::<PyDict>() {
        let entries = table.iter().map(|(name, value)| {
            let name: String = name.extract().map_err(|_| PyTypeError::new_err(format!("{key}: keys must be str")))?;
            Ok((name, convert(key, &value, depth + 1)?))
        });
        return entries.collect::<PyResult<_>>().map(Value::Table);
    }
    // NumPy's scalars and arrays.
    if value.hasattr("tolist")? {
        return convert(key, &value.call_method0("tolist")?, depth + 1);
    }
    let kind = value.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "{key}: a setting cannot be of type {kind}; give a number, bool, str, list or dict"
    )))
}
