// A node of libtorch's graph whose backward pass is a function of Rust. lib.rs is its only caller.

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>

#include <cstring>
#include <stdexcept>

namespace {

// Takes over `gradients` of the outputs (undefined ones included), fills `results` with gradients of the inputs, each
// made by `new`. Returns false when it failed; then nothing is in `results`.
using Backward = bool (*)(void* context, at::Tensor** gradients, size_t num_gradients, at::Tensor** results, size_t num_results);
using Drop = void (*)(void* context);

struct RustNode final : torch::autograd::Node {
    RustNode(void* context, Backward backward, Drop drop) : context_(context), backward_(backward), drop_(drop) {}

    ~RustNode() override { drop_(context_); }

    torch::autograd::variable_list apply(torch::autograd::variable_list&& gradients) override {
        std::vector<at::Tensor*> taken;
        taken.reserve(gradients.size());
        for (auto& gradient : gradients) {
            taken.push_back(new at::Tensor(std::move(gradient)));
        }
        std::vector<at::Tensor*> results(num_outputs(), nullptr);
        if (!backward_(context_, taken.data(), taken.size(), results.data(), results.size())) {
            throw std::runtime_error("a backward pass written in Rust panicked");
        }
        torch::autograd::variable_list inputs;
        inputs.reserve(results.size());
        for (auto* result : results) {
            inputs.push_back(std::move(*result));
            delete result;
        }
        return inputs;
    }

    std::string name() const override { return "RustNode"; }

  private:
    void* context_;
    Backward backward_;
    Drop drop_;
};

}  // namespace

extern "C" bool groundling_autograd_is_recording() { return at::GradMode::is_enabled(); }

// Makes `outputs`, which have no history, depend on `inputs` by `backward`. Owns `context` from now on, also on failure.
// Returns null, or what went wrong, to be freed by the caller.
extern "C" char* groundling_autograd_attach(
    at::Tensor* const* outputs, size_t num_outputs, const at::Tensor* const* inputs, size_t num_inputs, void* context,
    Backward backward, Drop drop) {
    try {
        std::shared_ptr<RustNode> node(new RustNode(context, backward, drop), torch::autograd::deleteNode);
        torch::autograd::edge_list edges;
        edges.reserve(num_inputs);
        for (size_t i = 0; i < num_inputs; ++i) {
            edges.push_back(torch::autograd::impl::gradient_edge(*inputs[i]));
        }
        node->set_next_edges(std::move(edges));
        for (size_t i = 0; i < num_outputs; ++i) {
            torch::autograd::set_history(*outputs[i], node);
        }
        return nullptr;
    } catch (const std::exception& error) {
        return strdup(error.what());
    }
}
