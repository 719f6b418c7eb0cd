//! Keeps bevy's world as a scene is: what has not changed stays, what moved is moved, the rest is made anew.

use std::sync::Arc;

use bevy::light::{CascadeShadowConfigBuilder, NotShadowCaster, NotShadowReceiver};
use bevy::prelude::*;
use groundling_render::RenderError;
use groundling_room::{Instance, Light, Rgb, Scene, Surface};

use crate::material::RoomMaterial;
use crate::{meshes, textures};

/// Metres beyond which no shadow falls; rooms are smaller.
const SHADOW_DISTANCE: f32 = 40.0;

struct ShownSurface {
    surface: Surface,
    light: Light,
    entity: Entity,
    visible: bool,
}

struct ShownInstance {
    mesh: Arc<groundling_room::Mesh>,
    colors: Vec<Rgb>,
    object_id: u16,
    light: Light,
    transform: Transform,
    entity: Entity,
    visible: bool,
}

/// What of the scene is in bevy's world.
#[derive(Default)]
pub(crate) struct Entities {
    surfaces: Vec<ShownSurface>,
    instances: Vec<ShownInstance>,
    light: Option<(Light, Entity)>,
}

impl Entities {
    /// Makes bevy's world show this scene.
    pub(crate) fn show(&mut self, world: &mut World, scene: &Scene) -> Result<(), RenderError> {
        self.show_light(world, scene.light);
        let mut num_surfaces = 0;
        for surface in scene.surfaces.iter().chain(&scene.outdoors) {
            self.show_surface(world, num_surfaces, surface, scene.light)?;
            num_surfaces += 1;
        }
        for rest in self.surfaces.iter_mut().skip(num_surfaces) {
            set_visible(world, rest.entity, &mut rest.visible, false);
        }
        for (index, instance) in scene.instances.iter().enumerate() {
            self.show_instance(world, index, instance, scene.light);
        }
        for rest in self.instances.iter_mut().skip(scene.instances.len()) {
            set_visible(world, rest.entity, &mut rest.visible, false);
        }
        Ok(())
    }

    fn show_light(&mut self, world: &mut World, light: Light) {
        if self.light.is_some_and(|(shown, _)| shown == light) {
            return;
        }
        if let Some((_, entity)) = self.light.take() {
            world.despawn(entity);
        }
        let towards = Vec3::from_array(light.direction.into());
        let up = if towards.y.abs() > 0.99 { Vec3::X } else { Vec3::Y };
        let shadows = CascadeShadowConfigBuilder {
            num_cascades: 2,
            minimum_distance: 0.05,
            maximum_distance: SHADOW_DISTANCE,
            first_cascade_far_bound: 6.0,
            overlap_proportion: 0.2,
        };
        // How strong it is stands in the materials.
        let lamp = DirectionalLight { shadow_maps_enabled: true, ..DirectionalLight::default() };
        let transform = Transform::default().looking_to(-towards, up);
        let entity = world.spawn((lamp, shadows.build(), transform)).id();
        self.light = Some((light, entity));
    }

    fn show_surface(
        &mut self,
        world: &mut World,
        index: usize,
        surface: &Surface,
        light: Light,
    ) -> Result<(), RenderError> {
        if let Some(shown) = self.surfaces.get_mut(index) {
            if shown.surface == *surface && shown.light == light {
                set_visible(world, shown.entity, &mut shown.visible, true);
                return Ok(());
            }
            world.despawn(shown.entity);
        }
        let texture = textures::texture(surface)?.map(|image| world.resource_mut::<Assets<Image>>().add(image));
        let color = if texture.is_some() { [1.0; 3] } else { surface.colors[0] };
        let material = RoomMaterial::new(color, light, 0).textured(texture).glowing(surface.emissive);
        let material = world.resource_mut::<Assets<RoomMaterial>>().add(material);
        let mesh = world.resource_mut::<Assets<Mesh>>().add(meshes::of_surface(surface));
        // A wall lets in the light of a lamp that has no place.
        let mut entity = world.spawn((Mesh3d(mesh), MeshMaterial3d(material), Transform::IDENTITY, NotShadowCaster));
        if surface.emissive {
            entity.insert(NotShadowReceiver);
        }
        let shown = ShownSurface { surface: *surface, light, entity: entity.id(), visible: true };
        put(&mut self.surfaces, index, shown);
        Ok(())
    }

    fn show_instance(&mut self, world: &mut World, index: usize, instance: &Instance, light: Light) {
        let transform = transform_of(instance);
        if let Some(shown) = self.instances.get_mut(index) {
            let same = Arc::ptr_eq(&shown.mesh, &instance.mesh)
                && shown.colors == instance.colors
                && shown.object_id == instance.object_id
                && shown.light == light;
            if same {
                set_visible(world, shown.entity, &mut shown.visible, true);
                if shown.transform != transform {
                    shown.transform = transform;
                    world.entity_mut(shown.entity).insert(transform);
                }
                return;
            }
            world.despawn(shown.entity);
        }
        let material = RoomMaterial::new([1.0; 3], light, instance.object_id);
        let material = world.resource_mut::<Assets<RoomMaterial>>().add(material);
        let mesh = world.resource_mut::<Assets<Mesh>>().add(meshes::of_object(instance));
        let entity = world.spawn((Mesh3d(mesh), MeshMaterial3d(material), transform)).id();
        let shown = ShownInstance {
            mesh: Arc::clone(&instance.mesh),
            colors: instance.colors.clone(),
            object_id: instance.object_id,
            light,
            transform,
            entity,
            visible: true,
        };
        put(&mut self.instances, index, shown);
    }
}

/// Replaces the item of this index, or adds it as the next one.
fn put<T>(items: &mut Vec<T>, index: usize, item: T) {
    match items.get_mut(index) {
        Some(place) => *place = item,
        None => items.push(item),
    }
}

fn set_visible(world: &mut World, entity: Entity, shown: &mut bool, visible: bool) {
    if *shown != visible {
        *shown = visible;
        let visibility = if visible { Visibility::Inherited } else { Visibility::Hidden };
        world.entity_mut(entity).insert(visibility);
    }
}

fn transform_of(instance: &Instance) -> Transform {
    let (scale, rotation, translation) = instance.world_from_object.to_scale_rotation_translation();
    Transform {
        translation: Vec3::from_array(translation.into()),
        rotation: Quat::from_array(rotation.to_array()),
        scale: Vec3::from_array(scale.into()),
    }
}
