// The Path view: one SVG that the server draws and these modules move, change and listen to.
import "./canvas.js";
import "./update.js";
import "./steps.js";
