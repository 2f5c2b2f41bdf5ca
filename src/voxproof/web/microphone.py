"""The part of a page by which a microphone speaks to a live conversion, and what comes back is heard.

Gradio's own recorder sends its sound through a queue of requests, half a second at a time, and its player asks for
FFmpeg and plays seconds late. So a short script does it: samples go out over a WebSocket as they come, and each
utterance that comes back is put behind the one before it, to the sample.
"""

import html
from typing import Any

import gradio as gr

from voxproof.web import words

# 16-bit samples at the rate of the browser, a tenth of a second a message. Sound that the socket does not get rid of
# for `LATE` seconds ends the session: nobody wants to hear it later.
SCRIPT = r"""
const LATE = 10;
const TAP = `class Tap extends AudioWorkletProcessor {
  constructor() { super(); this.block = new Int16Array(Math.round(sampleRate / 10)); this.count = 0; }
  process(inputs) {
    for (const sample of inputs[0][0] || []) {
      this.block[this.count++] = Math.max(-1, Math.min(1, sample)) * 32767;
      if (this.count === this.block.length) { this.port.postMessage(this.block.slice()); this.count = 0; }
    }
    return true;
  }
}
registerProcessor("tap", Tap);`;

async function begin(stage) {
  const says = stage.querySelector(".says"), level = stage.querySelector("meter"), stop = stage.querySelector("button");
  const context = new AudioContext();
  const address = new URL(stage.dataset.live, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  address.searchParams.set("rate", context.sampleRate);
  const socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  const opened = new Promise(done => { socket.onopen = () => done(true); socket.onclose = () => done(false); });
  let microphone = null, rate = 16000, next = 0, heard = 0, problem = "", over = false;

  const end = said => {
    if (over) return;
    over = stop.disabled = true;
    level.value = 0;
    says.textContent = said;
    if (microphone) microphone.getTracks().forEach(track => track.stop());
    if (socket.readyState === WebSocket.OPEN) socket.send("end");
  };
  stop.onclick = () => end("The last words are being said.");
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") {
      const told = JSON.parse(data);
      rate = told.rate || rate;
      if (told.error) problem = told.error.message;
      return;
    }
    const pcm = new Int16Array(data), sound = context.createBuffer(1, pcm.length, rate);
    sound.copyToChannel(Float32Array.from(pcm, sample => sample / 32768), 0);
    const source = context.createBufferSource();
    source.buffer = sound;
    source.connect(context.destination);
    next = Math.max(next, context.currentTime + 0.02);
    source.start(next);
    next += sound.duration;
    source.onended = () => { stage.dataset.heard = ++heard; };
  };
  try {
    microphone = await navigator.mediaDevices.getUserMedia(
      { audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    const tap = URL.createObjectURL(new Blob([TAP], { type: "text/javascript" }));
    await context.audioWorklet.addModule(tap);
    URL.revokeObjectURL(tap);
  } catch (reason) {
    await opened;
    problem = "The browser did not give the microphone: " + reason.message;
    end(problem);
    says.className = "problem";
    return;
  }
  if (!await opened) { end("The server did not answer; start again."); return; }
  socket.onclose = () => {
    end("");
    says.textContent = problem || "It is over.";
    if (problem) says.className = "problem";
    setTimeout(() => context.close(), 1000 * Math.max(0, next - context.currentTime) + 500);
  };
  const worklet = new AudioWorkletNode(context, "tap", { numberOfOutputs: 0 });
  worklet.port.onmessage = ({ data }) => {
    if (over || socket.readyState !== WebSocket.OPEN) return;
    level.value = data.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0) / 32768;
    socket.send(data.buffer);
    if (socket.bufferedAmount > 2 * LATE * context.sampleRate) end("This computer cannot keep up; it was stopped.");
  };
  await context.resume();
  context.createMediaStreamSource(microphone).connect(worklet);
  says.textContent = "Speak. Each sentence is heard in the other voice after a short pause.";
  stop.disabled = false;
  stop.focus();
}

let begun = "";
watch("value", () => {
  const stage = element.querySelector("[data-live]");
  if (stage && stage.dataset.live !== begun) { begun = stage.dataset.live; begin(stage); }
});
"""


def microphone(**options: Any) -> gr.HTML:
    """The place of a session on the page; it is shown `stage(url)` when one begins."""
    return gr.HTML(elem_classes="voxproof", js_on_load=SCRIPT, apply_default_css=False, **options)


def stage(url: str) -> str:
    """What somebody sees who speaks; the script connects it to the session at `url`."""
    return (
        f'<div class="live" data-live="{html.escape(url)}" role="group" aria-label="Live conversion">'
        '<p class="says" role="status">The browser asks for the microphone.</p>'
        '<label>Microphone <meter min="0" max="1" low="0.02" value="0"></meter></label>'
        '<button type="button" disabled>Stop</button></div>'
    )


def spoken(count: int, seconds: float) -> str:
    """How much was said again by now."""
    if count == 0:
        return words.said("Nothing was said yet")
    return words.said(f"{count} utterance{'s' if count != 1 else ''} converted, {seconds:.1f} s of sound")
