//! Named arrays on the host: what parameters and optimiser state are when they are saved, sent or compared.

use std::collections::BTreeMap;

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

/// Named f32 arrays, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NamedValues {
    entries: Vec<(String, Vec<usize>, Vec<f32>)>,
}

/// Why values could not be read or do not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValuesError {
    /// The bytes are not safetensors, or cut short, or altered.
    #[error("not a whole safetensors file: {0}")]
    Undecodable(String),
    /// A tensor of another type than f32.
    #[error("tensor `{0}` is not f32")]
    NotF32(String),
    /// A name that is needed is not there.
    #[error("tensor `{0}` is missing")]
    Missing(String),
    /// A name that nothing asks for: the file belongs to another network.
    #[error("tensor `{0}` belongs to no parameter of this network")]
    Unknown(String),
    /// Right name, wrong shape.
    #[error("tensor `{name}` has shape {found:?}, this network needs {expected:?}")]
    Shape {
        /// Which tensor.
        name: String,
        /// Its shape.
        found: Vec<usize>,
        /// The shape needed.
        expected: Vec<usize>,
    },
}

impl NamedValues {
    /// Adds one array. `values.len()` is the product of `shape`.
    pub fn push(&mut self, name: impl Into<String>, shape: Vec<usize>, values: Vec<f32>) {
        self.entries.push((name.into(), shape, values));
    }

    /// Name, shape and values of each, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[usize], &[f32])> {
        self.entries.iter().map(|(name, shape, values)| (name.as_str(), shape.as_slice(), values.as_slice()))
    }

    /// The array of that name and shape.
    pub fn get(&self, name: &str, expected: &[usize]) -> Result<&[f32], ValuesError> {
        let (_, shape, values) =
            self.entries.iter().find(|entry| entry.0 == name).ok_or_else(|| ValuesError::Missing(name.into()))?;
        if shape != expected {
            return Err(ValuesError::Shape { name: name.into(), found: shape.clone(), expected: expected.into() });
        }
        Ok(values)
    }

    /// As a safetensors file.
    pub fn to_safetensors(&self) -> Result<Vec<u8>, ValuesError> {
        let bytes: Vec<Vec<u8>> =
            self.entries.iter().map(|(_, _, values)| values.iter().flat_map(|v| v.to_le_bytes()).collect()).collect();
        let mut views = BTreeMap::new();
        for ((name, shape, _), data) in self.entries.iter().zip(&bytes) {
            let view = TensorView::new(Dtype::F32, shape.clone(), data)
                .map_err(|error| ValuesError::Undecodable(error.to_string()))?;
            views.insert(name.as_str(), view);
        }
        safetensors::serialize(views, None).map_err(|error| ValuesError::Undecodable(error.to_string()))
    }

    /// From a safetensors file; sorted by name, since such a file keeps no order.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Self, ValuesError> {
        let file = SafeTensors::deserialize(bytes).map_err(|error| ValuesError::Undecodable(error.to_string()))?;
        let mut values = Self::default();
        for (name, view) in file.iter() {
            if view.dtype() != Dtype::F32 {
                return Err(ValuesError::NotF32(name.to_string()));
            }
            let numbers = view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
            values.push(name, view.shape().to_vec(), numbers);
        }
        values.entries.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> NamedValues {
        let mut values = NamedValues::default();
        values.push("a", vec![2, 2], vec![1.0, -2.0, f32::MIN_POSITIVE, 4.5]);
        values.push("b", vec![], vec![7.0]);
        values
    }

    #[test]
    fn a_file_gives_back_the_same_bits() {
        let bytes = sample().to_safetensors().unwrap();
        // Often, since an order that comes from a hash map is right now and then.
        for _ in 0..20 {
            assert_eq!(NamedValues::from_safetensors(&bytes).unwrap(), sample());
        }
    }

    #[test]
    fn damaged_or_foreign_files_are_refused() {
        let bytes = sample().to_safetensors().unwrap();
        for length in 0..bytes.len() {
            assert!(NamedValues::from_safetensors(&bytes[..length]).is_err(), "cut to {length}");
        }
        assert!(matches!(sample().get("c", &[1]), Err(ValuesError::Missing(_))));
        assert!(matches!(sample().get("a", &[4]), Err(ValuesError::Shape { .. })));
    }
}
