// bevy's lighting, the room's ambient light, and the number of the thing that is seen as the fourth channel.

#import bevy_pbr::{
    forward_io::{FragmentOutput, VertexOutput},
    pbr_fragment::pbr_input_from_standard_material,
    pbr_functions::apply_pbr_lighting,
    pbr_types::STANDARD_MATERIAL_FLAGS_UNLIT_BIT,
}

@group(#{MATERIAL_BIND_GROUP}) @binding(100) var<uniform> ambient_and_mark: vec4<f32>;

@fragment
fn fragment(in: VertexOutput, @builtin(front_facing) is_front: bool) -> FragmentOutput {
    let pbr = pbr_input_from_standard_material(in, is_front);
    let albedo = pbr.material.base_color.rgb;
    var color = albedo;
    if (pbr.material.flags & STANDARD_MATERIAL_FLAGS_UNLIT_BIT) == 0u {
        let upward = 0.5 + 0.5 * pbr.N.y;
        let ambient = mix(ambient_and_mark.y, ambient_and_mark.x, upward);
        color = apply_pbr_lighting(pbr).rgb + albedo * ambient;
    }
    var out: FragmentOutput;
    out.color = vec4<f32>(color, ambient_and_mark.z);
    return out;
}
