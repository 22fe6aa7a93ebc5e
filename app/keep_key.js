/* Keeps the facilitator's key in this browser until it is closed, so that a reload still has it. It is sent to this server alone. */

export default function (component) {
  const { name, value } = component.data || {};
  if (name && value) document.cookie = name + "=" + encodeURIComponent(value) + "; path=/; SameSite=Strict";
}
