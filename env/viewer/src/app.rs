//! bevy, set up to draw into pictures and never to open a window. Nothing runs but what [`update`](App::update) runs.

use bevy::app::{PluginsState, TerminalCtrlCHandlerPlugin};
use bevy::light::{DirectionalLightShadowMap, GlobalAmbientLight};
use bevy::pbr::MaterialPlugin;
use bevy::prelude::*;
use bevy::render::RenderPlugin;
use bevy::render::error_handler::{RenderError, RenderErrorHandler, RenderErrorPolicy};
use bevy::render::pipelined_rendering::PipelinedRenderingPlugin;
use bevy::render::settings::{RenderCreation, WgpuSettings};
use bevy::window::{ExitCondition, WindowPlugin};

use crate::adapter::BACKENDS;
use crate::material::{RoomMaterial, SHADER, SHADER_TEXT};

/// Texels of a side of each shadow map.
const SHADOW_MAP_SIDE: usize = 2048;

/// Why nothing can be drawn any more: the adapter went away, or refused what was asked of it.
#[derive(Resource)]
pub(crate) struct BrokenOff(pub(crate) String);

fn keep_error(error: &RenderError, world: &mut World, _: &mut World) -> RenderErrorPolicy {
    world.insert_resource(BrokenOff(format!("{:?}: {}", error.ty, error.description)));
    RenderErrorPolicy::StopRendering
}

/// An app without a window and without a lamp.
pub(crate) fn app() -> App {
    let mut app = App::new();
    let settings = WgpuSettings { backends: Some(BACKENDS), ..WgpuSettings::default() };
    let render = RenderPlugin {
        render_creation: RenderCreation::Automatic(Box::new(settings)),
        // A pipeline that is compiled while frames pass leaves things out of them.
        synchronous_pipeline_compilation: true,
        ..RenderPlugin::default()
    };
    let window =
        WindowPlugin { primary_window: None, exit_condition: ExitCondition::DontExit, ..WindowPlugin::default() };
    // The program handles Ctrl-C itself.
    let plugins = DefaultPlugins.set(window).set(render).disable::<TerminalCtrlCHandlerPlugin>();
    // A frame is drawn in the update that asks for it.
    let plugins = plugins.disable::<PipelinedRenderingPlugin>();
    app.add_plugins((plugins, MaterialPlugin::<RoomMaterial>::default()));
    app.insert_resource(RenderErrorHandler(keep_error));
    app.insert_resource(GlobalAmbientLight::NONE);
    app.insert_resource(DirectionalLightShadowMap { size: SHADOW_MAP_SIDE });
    let shader = Shader::from_wgsl(SHADER_TEXT, "groundling/room.wgsl");
    let kept = app.world_mut().resource_mut::<Assets<Shader>>().insert(&SHADER, shader);
    debug_assert!(kept.is_ok(), "a name of its own");
    while app.plugins_state() == PluginsState::Adding {
        bevy::tasks::tick_global_task_pools_on_main_thread();
    }
    app.finish();
    app.cleanup();
    app
}
