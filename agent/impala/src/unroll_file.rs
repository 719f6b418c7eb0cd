//! Unrolls as a safetensors file, so that a batch can be looked at outside of a run, also from Python.
//!
//! Of unroll `i`: `i.rgb` u8 `[T+1, E, H, W, 3]`; `i.kinds` u8 `[T+1, E]` with 0 first, 1 mid, 2 terminated, 3 truncated;
//! `i.last_actions` i64 `[T+1, E]` with `A` for none; `i.last_rewards` f32 `[T+1, E]`; `i.actions` i64 `[T, E]`;
//! `i.behavior_logits` f32 `[T, E, A]`; `i.hidden` and `i.cell` f32 `[E, N]`, the core state before row 0. Where an auxiliary
//! loss had targets, of which there are `K`: `i.target_cells` i64 `[K, 2]`, the row and the room of each; `i.target_ends`
//! i64 `[K]`, where in `i.target_values` i64 `[V]` the values of each end, which begin where those before end.

use std::collections::BTreeMap;

use groundling_belief::FrozenBelief;
use groundling_interface::{Action, EnvironmentSpec, Observation, StepKind, TimeStep};
use groundling_model::{StepTarget, Unroll, UnrollShape};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

const KINDS: [StepKind; 4] = [StepKind::First, StepKind::Mid, StepKind::Terminated, StepKind::Truncated];

type Array = (Dtype, Vec<usize>, Vec<u8>);

/// The file's bytes.
pub(crate) fn encode(unrolls: &[Unroll]) -> Result<Vec<u8>, String> {
    let arrays: BTreeMap<String, Array> = unrolls
        .iter()
        .enumerate()
        .flat_map(|(index, unroll)| arrays(unroll).map(move |(name, array)| (format!("{index}.{name}"), array)))
        .collect();
    let mut views = BTreeMap::new();
    for (name, (dtype, shape, bytes)) in &arrays {
        let view = TensorView::new(*dtype, shape.clone(), bytes).map_err(|error| format!("{name}: {error}"))?;
        views.insert(name, view);
    }
    safetensors::serialize(views, None).map_err(|error| error.to_string())
}

fn arrays(unroll: &Unroll) -> impl Iterator<Item = (&'static str, Array)> {
    let UnrollShape { length, num_rooms, height, width, num_actions } = unroll.shape();
    let cells = |rows: usize| (0..rows).flat_map(move |t| (0..num_rooms).map(move |room| (t, room)));
    let steps: Vec<TimeStep> = cells(length + 1).map(|(t, room)| unroll.time_step(t, room)).collect();
    let taken: Vec<(Action, &[f32])> = cells(length).map(|(t, room)| unroll.action(t, room)).collect();
    let kind = |step: &TimeStep| KINDS.iter().position(|kind| *kind == step.kind).unwrap_or_default() as u8;
    let led = |step: &TimeStep| step.observation.last_action.map_or(num_actions as i64, |action| i64::from(action.0));
    let floats = |values: &mut dyn Iterator<Item = f32>| values.flat_map(f32::to_le_bytes).collect::<Vec<u8>>();
    let beliefs = unroll.initial_beliefs();
    let core_size = beliefs.first().map_or(0, FrozenBelief::size);
    let (rows, actions, core) = (vec![length + 1, num_rooms], vec![length, num_rooms], vec![num_rooms, core_size]);
    let pictures = vec![length + 1, num_rooms, height, width, 3];
    let rgb = steps.iter().flat_map(|step| step.observation.rgb.iter().copied()).collect();
    let mut logits = taken.iter().flat_map(|(_, logits)| logits.iter().copied());
    let whole = |values: &mut dyn Iterator<Item = i64>| values.flat_map(i64::to_le_bytes).collect::<Vec<u8>>();
    let arrays = [
        ("rgb", (Dtype::U8, pictures, rgb)),
        ("kinds", (Dtype::U8, rows.clone(), steps.iter().map(kind).collect())),
        ("last_actions", (Dtype::I64, rows.clone(), whole(&mut steps.iter().map(led)))),
        ("last_rewards", (Dtype::F32, rows, floats(&mut steps.iter().map(|step| step.observation.last_reward)))),
        ("actions", (Dtype::I64, actions, whole(&mut taken.iter().map(|(action, _)| i64::from(action.0))))),
        ("behavior_logits", (Dtype::F32, vec![length, num_rooms, num_actions], floats(&mut logits))),
        ("hidden", (Dtype::F32, core.clone(), floats(&mut beliefs.iter().flat_map(|b| b.hidden().iter().copied())))),
        ("cell", (Dtype::F32, core, floats(&mut beliefs.iter().flat_map(|b| b.cell().iter().copied())))),
    ];
    arrays.into_iter().chain(target_arrays(unroll.targets()))
}

/// None where there is no target.
fn target_arrays(targets: &[StepTarget]) -> Vec<(&'static str, Array)> {
    if targets.is_empty() {
        return Vec::new();
    }
    let array = |shape: Vec<usize>, values: Vec<i64>| {
        (Dtype::I64, shape, values.into_iter().flat_map(i64::to_le_bytes).collect::<Vec<u8>>())
    };
    let cells = targets.iter().flat_map(|target| [target.t as i64, target.room as i64]).collect();
    let ends = targets.iter().scan(0, |end, target| {
        *end += target.values.len() as i64;
        Some(*end)
    });
    let values: Vec<i64> = targets.iter().flat_map(|target| target.values.iter().copied()).collect();
    vec![
        ("target_cells", array(vec![targets.len(), 2], cells)),
        ("target_ends", array(vec![targets.len()], ends.collect())),
        ("target_values", array(vec![values.len()], values)),
    ]
}

/// The unrolls of rooms of `spec` in a file; the error says what is wrong with which array.
pub(crate) fn decode(bytes: &[u8], spec: &EnvironmentSpec) -> Result<Vec<Unroll>, String> {
    let file = SafeTensors::deserialize(bytes).map_err(|error| format!("not a whole safetensors file: {error}"))?;
    let num_unrolls = file.names().iter().filter(|name| name.ends_with(".rgb")).count();
    if num_unrolls == 0 {
        return Err("it holds no unroll".into());
    }
    let unrolls: Vec<Unroll> =
        (0..num_unrolls).map(|index| decode_one(&file, index, spec)).collect::<Result<_, _>>()?;
    let lengths: Vec<usize> = unrolls.iter().map(|unroll| unroll.shape().length).collect();
    let sizes = || unrolls.iter().flat_map(|unroll| unroll.initial_beliefs()).map(FrozenBelief::size);
    if lengths.windows(2).any(|pair| pair[0] != pair[1]) || sizes().zip(sizes().skip(1)).any(|(one, next)| one != next)
    {
        return Err("its unrolls are not of one length and core size".into());
    }
    Ok(unrolls)
}

fn decode_one(file: &SafeTensors<'_>, index: usize, spec: &EnvironmentSpec) -> Result<Unroll, String> {
    let of = |name: &str| {
        let name = format!("{index}.{name}");
        file.tensor(&name).map_err(|_| format!("`{name}` is missing"))
    };
    let num_actions = spec.num_actions();
    let (length, num_rooms) = match of("actions")?.shape() {
        &[length, num_rooms] if length > 0 && num_rooms > 0 => (length, num_rooms),
        other => return Err(format!("`{index}.actions` has shape {other:?}, not [T, E]")),
    };
    let core_size = of("hidden")?.shape().last().copied().unwrap_or_default();
    let read = |name: &str, dtype: Dtype, shape: &[usize]| {
        let view = of(name)?;
        if view.dtype() != dtype || view.shape() != shape {
            let found = (view.dtype(), view.shape());
            return Err(format!("`{index}.{name}` is {found:?}, expected {:?}", (dtype, shape)));
        }
        Ok(view.data().to_vec())
    };
    let floats = |name: &str, shape: &[usize]| {
        let bytes = read(name, Dtype::F32, shape)?;
        Ok::<_, String>(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect::<Vec<_>>())
    };
    let actions = |name: &str, shape: &[usize], most: usize| {
        let bytes = read(name, Dtype::I64, shape)?;
        let values = bytes.as_chunks::<8>().0.iter().map(|chunk| i64::from_le_bytes(*chunk));
        let fits = |value: i64| usize::try_from(value).ok().filter(|&value| value <= most).map(|value| value as u16);
        let values = values.map(|value| fits(value).ok_or_else(|| format!("`{index}.{name}` holds {value} of {most}")));
        values.collect::<Result<Vec<u16>, _>>()
    };
    let rows = [length + 1, num_rooms];
    let rgb = read("rgb", Dtype::U8, &[length + 1, num_rooms, spec.height, spec.width, 3])?;
    let kinds = read("kinds", Dtype::U8, &rows)?;
    let last_actions = actions("last_actions", &rows, num_actions)?;
    let last_rewards = floats("last_rewards", &rows)?;
    let taken = actions("actions", &[length, num_rooms], num_actions.saturating_sub(1))?;
    let logits = floats("behavior_logits", &[length, num_rooms, num_actions])?;
    let core = [num_rooms, core_size];
    let (hidden, cell) = (floats("hidden", &core)?, floats("cell", &core)?);
    let states = hidden.chunks(core_size.max(1)).zip(cell.chunks(core_size.max(1)));
    let beliefs: Vec<FrozenBelief> = states.map(|(h, c)| FrozenBelief::new(h.to_vec(), c.to_vec())).collect();
    if beliefs.len() != num_rooms {
        return Err(format!("`{index}.hidden` has no core states"));
    }
    let mut targets = decode_targets(file, index, length * num_rooms, num_rooms)?.into_iter().peekable();
    let mut unroll = Unroll::begin(UnrollShape::new(length, num_rooms, spec), beliefs);
    for cell in 0..(length + 1) * num_rooms {
        let kind =
            KINDS.get(usize::from(kinds[cell])).ok_or_else(|| format!("`{index}.kinds` holds {}", kinds[cell]))?;
        let last_action = Some(last_actions[cell]).filter(|&action| usize::from(action) < num_actions).map(Action);
        let picture = rgb[cell * spec.num_bytes()..(cell + 1) * spec.num_bytes()].to_vec();
        let observation = Observation { rgb: picture, last_action, last_reward: last_rewards[cell] };
        unroll.push_observation(&TimeStep { kind: *kind, observation });
        if let Some((_, values)) = targets.next_if(|(at, _)| *at == cell) {
            unroll.push_target(values);
        }
        if cell < length * num_rooms {
            unroll.push_action(Action(taken[cell]), &logits[cell * num_actions..(cell + 1) * num_actions]);
        }
    }
    Ok(unroll)
}

/// The targets of an unroll, each with the number of its cell, ascending and below `num_cells`; none where the file has none.
fn decode_targets(
    file: &SafeTensors<'_>,
    index: usize,
    num_cells: usize,
    num_rooms: usize,
) -> Result<Vec<(usize, Vec<i64>)>, String> {
    let array = |name: &str| format!("{index}.{name}");
    if file.tensor(&array("target_cells")).is_err() {
        return Ok(Vec::new());
    }
    let read = |name: &str| {
        let view = file.tensor(&array(name)).map_err(|_| format!("`{}` is missing", array(name)))?;
        if view.dtype() != Dtype::I64 {
            return Err(format!("`{}` is {:?}, expected I64", array(name), view.dtype()));
        }
        Ok(view.data().as_chunks::<8>().0.iter().map(|chunk| i64::from_le_bytes(*chunk)).collect::<Vec<i64>>())
    };
    let (cells, ends, values) = (read("target_cells")?, read("target_ends")?, read("target_values")?);
    let (cells, rest) = cells.as_chunks::<2>();
    if !rest.is_empty() || cells.len() != ends.len() {
        return Err(format!("`{}` and `{}` are not of one length", array("target_cells"), array("target_ends")));
    }
    let mut targets: Vec<(usize, Vec<i64>)> = Vec::with_capacity(cells.len());
    let mut begin = 0;
    for (&[t, room], &end) in cells.iter().zip(&ends) {
        let room = usize::try_from(room).ok().filter(|&room| room < num_rooms);
        let cell = room.zip(usize::try_from(t).ok()).and_then(|(room, t)| t.checked_mul(num_rooms)?.checked_add(room));
        let is_next = |cell: &usize| *cell < num_cells && targets.last().is_none_or(|(before, _)| before < cell);
        let cell =
            cell.filter(is_next).ok_or_else(|| format!("`{}` holds no ascending cells", array("target_cells")))?;
        let end = usize::try_from(end).ok().filter(|&end| end >= begin);
        let values = end.and_then(|end| values.get(begin..end));
        let values = values.ok_or_else(|| format!("`{}` does not fit the values", array("target_ends")))?;
        targets.push((cell, values.to_vec()));
        begin += values.len();
    }
    if begin != values.len() {
        return Err(format!("`{}` does not fit the values", array("target_ends")));
    }
    Ok(targets)
}
