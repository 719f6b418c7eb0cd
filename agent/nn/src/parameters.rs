//! A set of trainable tensors with names, in a fixed order.

use groundling_interface::derive;
use tch::{Device, Kind, Tensor};

use crate::{Compute, Initializer, NamedValues, Precision, ValuesError, kernels};

/// f32 tensors with names: trainable ones, and buffers that layers update themselves. Layers hold handles to them;
/// whoever holds this can save, load and update them.
#[derive(Debug)]
pub struct Parameters {
    compute: Compute,
    entries: Vec<(String, Tensor)>,
}

impl Parameters {
    /// An empty set whose tensors will live on a device and whose layers will multiply in a precision; a `Device` alone
    /// stands for f32. The precision of f32 products on an accelerator is one for the whole process: the last call's.
    pub fn new(compute: impl Into<Compute>) -> Self {
        kernels::consider_all();
        let compute = compute.into();
        compute.prepare();
        Self { compute, entries: Vec::new() }
    }

    /// Where the tensors live.
    pub fn device(&self) -> Device {
        self.compute.device
    }

    /// The root scope, in which layers make their parameters; `seed` decides the first values of each, by its name.
    pub fn scope(&mut self, seed: u64) -> Scope<'_> {
        Scope { parameters: self, prefix: String::new(), seed, is_frozen: false }
    }

    /// Name and tensor of each, in order of creation.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        self.entries.iter().map(|(name, tensor)| (name.as_str(), tensor))
    }

    /// Number of trainable numbers.
    pub fn num_values(&self) -> usize {
        self.entries.iter().filter(|(_, tensor)| tensor.requires_grad()).map(|(_, tensor)| tensor.numel()).sum()
    }

    /// Forgets all gradients, so that the next `backward` starts from none.
    pub fn zero_gradients(&self) {
        for (_, tensor) in &self.entries {
            let mut gradient = tensor.grad();
            if gradient.defined() {
                let _ = gradient.detach_().zero_();
            }
        }
    }

    /// Euclidean norm of all gradients together.
    pub fn gradient_norm(&self) -> f64 {
        let squares = self.entries.iter().map(|(_, tensor)| tensor.grad());
        squares.filter(Tensor::defined).map(|gradient| gradient.norm().double_value(&[]).powi(2)).sum::<f64>().sqrt()
    }

    /// A copy of all values on the host.
    pub fn values(&self) -> NamedValues {
        self.values_where(|_| true)
    }

    /// A copy on the host of the values whose names `chosen` is true for.
    pub fn values_where(&self, chosen: impl Fn(&str) -> bool) -> NamedValues {
        let mut values = NamedValues::default();
        for (name, tensor) in self.entries.iter().filter(|(name, _)| chosen(name)) {
            values.push(name.clone(), shape_of(tensor), to_host(tensor));
        }
        values
    }

    /// Overwrites all values. On an error nothing has changed.
    pub fn set_values(&self, values: &NamedValues) -> Result<(), ValuesError> {
        if let Some((name, ..)) = values.iter().find(|(name, ..)| !self.entries.iter().any(|entry| entry.0 == *name)) {
            return Err(ValuesError::Unknown(name.to_string()));
        }
        self.overwrite(&self.entries.iter().collect::<Vec<_>>(), values)
    }

    /// A copy of the buffers' values on the host: what layers change themselves.
    pub fn buffers(&self) -> NamedValues {
        let mut values = NamedValues::default();
        for (name, tensor) in self.buffer_entries() {
            values.push(name.clone(), shape_of(tensor), to_host(tensor));
        }
        values
    }

    /// Overwrites the buffers. On an error nothing has changed.
    pub fn set_buffers(&self, values: &NamedValues) -> Result<(), ValuesError> {
        self.overwrite(&self.buffer_entries().collect::<Vec<_>>(), values)
    }

    /// From now on the trainable tensors have the values of `other`'s, in the same memory, and gradients of their own.
    /// `other` was made as these were.
    pub fn share_memory_of(&mut self, other: &Self) {
        for ((_, tensor), (_, shared)) in self.entries.iter_mut().zip(&other.entries) {
            if tensor.requires_grad() {
                tensor.set_data(&shared.detach());
            }
        }
    }

    /// Adds the gradients of `other`, which shares these tensors' memory, to these, and forgets them there.
    pub fn take_gradients(&self, other: &Self) {
        let _guard = tch::no_grad_guard();
        for ((_, tensor), (_, shared)) in self.entries.iter().zip(&other.entries) {
            let mut taken = shared.grad();
            if !taken.defined() {
                continue;
            }
            let mut gradient = tensor.grad();
            if gradient.defined() {
                let _ = gradient.g_add_(&taken);
            } else {
                // Nothing but a backward pass makes a gradient: that of the product with `taken` is `taken`.
                tch::with_grad(|| (tensor * &taken).sum(tensor.kind()).backward());
            }
            let _ = taken.zero_();
        }
    }

    /// The buffers become `buffers`, the copy of those of parameters made as these were.
    pub fn copy_buffers(&self, buffers: &NamedValues) {
        let _guard = tch::no_grad_guard();
        let values = buffers.iter().map(|(_, _, values)| values);
        for ((_, tensor), values) in self.buffer_entries().zip(values) {
            tensor.shallow_clone().copy_(&Tensor::from_slice(values).reshape(tensor.size()));
        }
    }

    /// The buffers become the mean of these and of those of `others`, made as these were.
    pub fn average_buffers<'a>(&self, others: impl Iterator<Item = &'a Self>) {
        let _guard = tch::no_grad_guard();
        let others: Vec<&Self> = others.collect();
        for (index, (_, tensor)) in self.entries.iter().enumerate().filter(|(_, (_, tensor))| !tensor.requires_grad()) {
            let all = others.iter().filter_map(|other| other.entries.get(index)).map(|(_, tensor)| tensor);
            let all: Vec<&Tensor> = std::iter::once(tensor).chain(all).collect();
            let mean = Tensor::stack(&all, 0).mean_dim(Some([0i64].as_slice()), false, tensor.kind());
            tensor.shallow_clone().copy_(&mean);
        }
    }

    fn buffer_entries(&self) -> impl Iterator<Item = &(String, Tensor)> {
        self.entries.iter().filter(|(_, tensor)| !tensor.requires_grad())
    }

    fn overwrite(&self, entries: &[&(String, Tensor)], values: &NamedValues) -> Result<(), ValuesError> {
        let fitting = entries.iter().map(|(name, tensor)| values.get(name, &shape_of(tensor)));
        let fitting = fitting.collect::<Result<Vec<_>, _>>()?;
        let _guard = tch::no_grad_guard();
        for ((_, tensor), values) in entries.iter().zip(fitting) {
            let mut target = tensor.shallow_clone();
            target.copy_(&Tensor::from_slice(values).reshape(tensor.size()));
        }
        Ok(())
    }
}

pub(crate) fn shape_of(tensor: &Tensor) -> Vec<usize> {
    tensor.size().into_iter().map(|dimension| dimension as usize).collect()
}

/// The values of an f32 tensor on the host, in row-major order; a copy, whatever device it is on.
pub fn to_host(tensor: &Tensor) -> Vec<f32> {
    let flat = tensor.detach().to_device(Device::Cpu).to_kind(Kind::Float).contiguous().view([-1]);
    let mut values = vec![0.0; flat.numel()];
    let num_values = values.len();
    flat.copy_data(&mut values, num_values);
    values
}

/// A place in the tree of names, where a layer makes its parameters.
#[derive(Debug)]
pub struct Scope<'a> {
    parameters: &'a mut Parameters,
    prefix: String,
    seed: u64,
    /// Whether all that is made here is a buffer.
    is_frozen: bool,
}

impl Scope<'_> {
    /// How exactly the layers made here multiply.
    pub fn precision(&self) -> Precision {
        self.parameters.compute.precision
    }

    /// The scope `name` below this one.
    pub fn sub(&mut self, name: &str) -> Scope<'_> {
        let prefix = format!("{}{name}.", self.prefix);
        Scope { parameters: self.parameters, prefix, seed: self.seed, is_frozen: self.is_frozen }
    }

    /// This scope, in which layers make buffers where elsewhere they make trainable tensors.
    pub(crate) fn frozen(self) -> Self {
        Self { is_frozen: true, ..self }
    }

    /// What the full names of all that is made here begin with.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Full name and tensor of each that there is so far, wherever it was made.
    pub(crate) fn entries(&self) -> &[(String, Tensor)] {
        &self.parameters.entries
    }

    /// A tensor that no gradient reaches and no optimiser moves, but that is saved with the others; all `value` at first.
    pub fn buffer(&mut self, name: &str, shape: &[i64], value: f64) -> Tensor {
        let tensor = Tensor::full(shape, value, (Kind::Float, self.parameters.compute.device));
        self.parameters.entries.push((format!("{}{name}", self.prefix), tensor.shallow_clone()));
        tensor
    }

    /// A new trainable tensor. Its first values depend on the seed and its full name only, so that adding a layer
    /// changes no other.
    pub fn parameter(&mut self, name: &str, shape: &[i64], initializer: Initializer) -> Tensor {
        let name = format!("{}{name}", self.prefix);
        let mut generator = derive(self.seed, &format!("parameter {name}"), &[]);
        let values = initializer.draw(shape, &mut generator);
        let tensor = values.to_device(self.parameters.compute.device).set_requires_grad(!self.is_frozen);
        self.parameters.entries.push((name, tensor.shallow_clone()));
        tensor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(seed: u64) -> Parameters {
        let mut parameters = Parameters::new(Device::Cpu);
        let mut scope = parameters.scope(seed);
        let _ = scope.sub("layer").parameter("weight", &[3, 4], Initializer::FanIn { gain: 1.0 });
        let _ = scope.parameter("bias", &[3], Initializer::Constant(0.5));
        parameters
    }

    #[test]
    fn a_buffer_is_saved_and_not_trained() {
        let mut parameters = two(1);
        let num_trainable = parameters.num_values();
        let buffer = parameters.scope(1).sub("layer").buffer("average", &[2], 0.25);
        assert!(!buffer.requires_grad());
        assert_eq!(parameters.num_values(), num_trainable);
        assert_eq!(parameters.values().get("layer.average", &[2]).unwrap(), [0.25, 0.25]);
    }

    #[test]
    fn buffers_are_set_apart_from_parameters() {
        let mut parameters = two(1);
        let buffer = parameters.scope(1).sub("layer").buffer("average", &[2], 0.25);
        let (before, all) = (parameters.buffers(), parameters.values());
        assert_eq!(before.iter().map(|(name, ..)| name).collect::<Vec<_>>(), ["layer.average"]);
        let _ = buffer.shallow_clone().fill_(7.0);
        parameters.set_buffers(&before).unwrap();
        assert_eq!(parameters.values(), all);
        let missing = ValuesError::Missing("layer.average".into());
        assert_eq!(parameters.set_buffers(&NamedValues::default()), Err(missing));
    }

    #[test]
    fn values_travel_and_misfits_change_nothing() {
        let (first, second) = (two(1), two(2));
        assert_ne!(first.values(), second.values());
        second.set_values(&first.values()).unwrap();
        assert_eq!(first.values(), second.values());

        let mut other = NamedValues::default();
        other.push("layer.weight", vec![3, 4], vec![0.0; 12]);
        assert_eq!(second.set_values(&other), Err(ValuesError::Missing("bias".into())));
        other.push("stranger", vec![], vec![0.0]);
        assert_eq!(second.set_values(&other), Err(ValuesError::Unknown("stranger".into())));
        assert_eq!(first.values(), second.values());
    }
}
