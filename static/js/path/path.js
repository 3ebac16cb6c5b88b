// The Path view: one SVG that the server draws and these modules move, change and listen to.
import "./canvas.js";
import "./gaps.js";
import "./update.js";
import "./leading.js";
import "./marking.js";
import "./moving.js";
import "./steps.js";
import "./naming.js";
import "./finding.js";
import "./minimap.js";
