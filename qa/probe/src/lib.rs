//! The question decoder, its trainer and its controls; reads frozen beliefs only
