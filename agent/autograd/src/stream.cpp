// Streams of an accelerator. stream.rs is the only caller. Nothing here needs CUDA to be compiled or linked.

#include <c10/core/impl/VirtualGuardImpl.h>

#include <exception>

// From now on this thread queues its work for the CUDA device on another stream than the device's default one. Returns
// whether it could be done.
extern "C" bool groundling_stream_take_own(int device, bool urgent) {
    try {
        const c10::impl::VirtualGuardImpl guard(c10::DeviceType::CUDA);
        const c10::Device where(c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(device));
        guard.exchangeStream(guard.getStreamFromGlobalPool(where, urgent));
        return true;
    } catch (const std::exception&) {
        return false;
    }
}
