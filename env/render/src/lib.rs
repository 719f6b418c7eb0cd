//! Scene and camera to colour, depth and object ids, on the CPU
