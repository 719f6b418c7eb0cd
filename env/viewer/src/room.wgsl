// Lambert's diffuse light of one lamp with bevy's shadow maps, the room's ambient light, a faint highlight (GGX, Smith,
// Schlick), and the number of the thing that is seen as the fourth channel.

#import bevy_pbr::{
    forward_io::{FragmentOutput, VertexOutput},
    mesh_view_bindings::{lights, view},
    shadows::fetch_directional_shadow,
}

struct Look {
    color_and_glow: vec4<f32>,
    light_and_mark: vec4<f32>,
}

@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<uniform> look: Look;
@group(#{MATERIAL_BIND_GROUP}) @binding(1) var color_texture: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(2) var color_sampler: sampler;

// Square of the perceptual roughness 0.75, and the share of light that a face sends straight back.
const ROUGHNESS: f32 = 0.5625;
const REFLECTED: f32 = 0.0064;
const PI: f32 = 3.14159265;

fn highlight(normal: vec3<f32>, to_eye: vec3<f32>, to_lamp: vec3<f32>, facing: f32) -> f32 {
    let half_way = normalize(to_eye + to_lamp);
    let squared = ROUGHNESS * ROUGHNESS;
    let along = max(dot(normal, half_way), 0.0);
    let spread = along * along * (squared - 1.0) + 1.0;
    let density = squared / (PI * spread * spread);
    let seen = max(dot(normal, to_eye), 0.0001);
    let masked = 0.5 / mix(2.0 * facing * seen, facing + seen, ROUGHNESS);
    let grazing = pow(1.0 - max(dot(to_lamp, half_way), 0.0), 5.0);
    return density * masked * (REFLECTED + (1.0 - REFLECTED) * grazing);
}

@fragment
fn fragment(in: VertexOutput) -> FragmentOutput {
    var color = look.color_and_glow.rgb * textureSample(color_texture, color_sampler, in.uv).rgb;
#ifdef VERTEX_COLORS
    color *= in.color.rgb;
#endif
    if look.color_and_glow.w == 0.0 {
        let normal = normalize(in.world_normal);
        let ambient = mix(look.light_and_mark.y, look.light_and_mark.x, 0.5 + 0.5 * normal.y);
        var lit = color * ambient;
        let to_lamp = lights.directional_lights[0].direction_to_light;
        let facing = dot(normal, to_lamp);
        if lights.n_directional_lights > 0u && facing > 0.0 {
            let from_world = view.view_from_world;
            let row = vec4<f32>(from_world[0].z, from_world[1].z, from_world[2].z, from_world[3].z);
            let depth = dot(row, in.world_position);
            let bright = fetch_directional_shadow(0u, in.world_position, normal, depth, in.position.xy);
            if bright > 0.0 {
                // An orthographic camera looks along one direction everywhere.
                let is_orthographic = view.clip_from_view[3].w == 1.0;
                let towards = select(view.world_position - in.world_position.xyz, view.world_from_view[2].xyz, is_orthographic);
                // A lamp's strength is that of a white face: its highlight has the factor that diffuse light lacks.
                let shine = PI * highlight(normal, normalize(towards), to_lamp, facing);
                lit += (color + shine) * look.light_and_mark.z * facing * bright;
            }
        }
        color = lit;
    }
    var out: FragmentOutput;
    out.color = vec4<f32>(color, look.light_and_mark.w);
    return out;
}
