/**
 * Code of the function that leads every page of the app to its one file: a path whose last part has no dot is a page. It is
 * on the behaviour of pages alone, so that a missing asset stays missing instead of becoming a page with status 200.
 */
export const pagesFunctionCode = `function handler(event) {
  var request = event.request;
  if (!/\\.[^/]*$/.test(request.uri)) request.uri = "/index.html";
  return request;
}
`;
