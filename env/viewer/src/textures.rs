//! Patterns as textures. They are drawn by the CPU renderer, which knows them exactly, once for each step of detail.

use std::sync::LazyLock;

use bevy::asset::RenderAssetUsages;
use bevy::image::{Image, ImageFilterMode, ImageSampler, ImageSamplerDescriptor};
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat, TextureUsages};
use glam::Vec3;
use groundling_render::{MIN_SIDE, RenderError, Renderer};
use groundling_room::{Camera, Light, Pattern, Projection, Scene, Surface};

/// Texels of a metre, where the most does not forbid it.
const TEXELS_PER_METRE: f32 = 256.0;
/// The most texels of a side.
const MOST_TEXELS: f32 = 2048.0;
/// Metres by which a pattern is drawn beyond its surface.
const MARGIN: f32 = 0.05;

/// The colours of a surface as a texture, its top row where `v` ends; none of a surface of one colour.
pub(crate) fn texture(surface: &Surface) -> Result<Option<Image>, RenderError> {
    if surface.pattern == Pattern::Plain || surface.colors[0] == surface.colors[1] {
        return Ok(None);
    }
    let (width, height) = (surface.u.length(), surface.v.length());
    let density = TEXELS_PER_METRE.min(MOST_TEXELS / width.max(height));
    let side = |metres: f32| ((metres * density) as usize).clamp(MIN_SIDE, MOST_TEXELS as usize);
    let (columns, rows) = (side(width), side(height));
    let mut renderer = Renderer::new(columns, rows)?;
    let (scene, camera) = facing(surface, width, height);
    renderer.render(&scene, &camera);
    let mut level: Vec<[u8; 4]> = renderer.rgb().chunks_exact(3).map(|rgb| [rgb[0], rgb[1], rgb[2], 255]).collect();
    let mut data = level.as_flattened().to_vec();
    let mut mip_level_count = 1;
    let (mut mip_columns, mut mip_rows) = (columns, rows);
    while mip_columns > 1 || mip_rows > 1 {
        let smaller = ((mip_columns / 2).max(1), (mip_rows / 2).max(1));
        level = halved(&level, (mip_columns, mip_rows), smaller);
        (mip_columns, mip_rows) = smaller;
        data.extend_from_slice(level.as_flattened());
        mip_level_count += 1;
    }
    let size = Extent3d { width: columns as u32, height: rows as u32, depth_or_array_layers: 1 };
    let mut image =
        Image::new_uninit(size, TextureDimension::D2, TextureFormat::Rgba8UnormSrgb, RenderAssetUsages::RENDER_WORLD);
    image.texture_descriptor.mip_level_count = mip_level_count;
    image.texture_descriptor.usage = TextureUsages::TEXTURE_BINDING | TextureUsages::COPY_DST;
    image.data = Some(data);
    image.sampler = ImageSampler::Descriptor(ImageSamplerDescriptor {
        mag_filter: ImageFilterMode::Linear,
        min_filter: ImageFilterMode::Linear,
        mipmap_filter: ImageFilterMode::Linear,
        anisotropy_clamp: 8,
        ..ImageSamplerDescriptor::default()
    });
    Ok(Some(image))
}

/// The surface upright before a camera, unlit.
fn facing(surface: &Surface, width: f32, height: f32) -> (Scene, Camera) {
    // A little larger than it is: texels are a whole number, and the outermost must not show what lies beside it.
    let [from_s, from_t] = surface.pattern_offset;
    let upright = Surface {
        origin: Vec3::new(-0.5 * width - MARGIN, -0.5 * height - MARGIN, 0.0),
        u: Vec3::new(width + 2.0 * MARGIN, 0.0, 0.0),
        v: Vec3::new(0.0, height + 2.0 * MARGIN, 0.0),
        pattern_offset: [from_s - MARGIN, from_t - MARGIN],
        emissive: true,
        receives_shadows: false,
        ..*surface
    };
    let light = Light { direction: Vec3::Y, direct: 0.0, ambient_up: 1.0, ambient_down: 1.0 };
    let scene =
        Scene { surfaces: vec![upright], outdoors: Vec::new(), instances: Vec::new(), light, background: [0.0; 3] };
    let camera = Camera {
        position: Vec3::new(0.0, 0.0, 1.0),
        yaw: 0.0,
        pitch: 0.0,
        projection: Projection::Orthographic { height },
    };
    (scene, camera)
}

/// The next coarser step of detail: averages of linear light.
fn halved(level: &[[u8; 4]], (columns, rows): (usize, usize), smaller: (usize, usize)) -> Vec<[u8; 4]> {
    let mut half = Vec::with_capacity(smaller.0 * smaller.1);
    for y in 0..smaller.1 {
        for x in 0..smaller.0 {
            let at = |dx: usize, dy: usize| level[(2 * y + dy).min(rows - 1) * columns + (2 * x + dx).min(columns - 1)];
            let four = [at(0, 0), at(1, 0), at(0, 1), at(1, 1)];
            let mean = |channel: usize| {
                let sum: f32 = four.iter().map(|texel| LINEAR[texel[channel] as usize]).sum();
                srgb(0.25 * sum)
            };
            half.push([mean(0), mean(1), mean(2), 255]);
        }
    }
    half
}

/// Linear light of each sRGB value.
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|value| {
        let value = value as f32 / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { libm::powf((value + 0.055) / 1.055, 2.4) }
    })
});

/// The sRGB value nearest to this linear light, which rises with it.
fn srgb(linear: f32) -> u8 {
    let above = LINEAR.partition_point(|&known| known < linear);
    match above {
        0 => 0,
        256.. => 255,
        _ if LINEAR[above] - linear < linear - LINEAR[above - 1] => above as u8,
        _ => (above - 1) as u8,
    }
}
